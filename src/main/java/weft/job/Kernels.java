package weft.job;

import java.util.ArrayList;
import java.util.List;
import weft.cluster.Accelerator;

/** Kernels one after the other, each as long as its arithmetic or its memory traffic. */
final class Kernels {
  private record Kernel(double flops, double bytes) {}

  private final List<Kernel> kernels = new ArrayList<>();

  /**
   * Adds a kernel of so many FLOPs that moves so many bytes.
   *
   * @return this, for more
   */
  Kernels add(double flops, double bytes) {
    kernels.add(new Kernel(flops, bytes));
    return this;
  }

  /** Seconds of all. */
  double seconds(Accelerator accelerator) {
    double sum = 0;
    for (Kernel kernel : kernels) {
      sum += accelerator.timeFor(kernel.flops, kernel.bytes).seconds();
    }
    return sum;
  }

  /** Seconds of all were memory infinitely fast. */
  double arithmeticSeconds(Accelerator accelerator) {
    double sum = 0;
    for (Kernel kernel : kernels) {
      sum += accelerator.timeFor(kernel.flops, 0).seconds();
    }
    return sum;
  }
}
