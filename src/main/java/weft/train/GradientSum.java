package weft.train;

import java.util.List;
import weft.collective.BucketExchange;
import weft.collective.Reduction;
import weft.nn.Replica;

/**
 * The workers' gradient buffers and what makes each the sum of all, bucket by bucket.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
final class GradientSum<A> {
  private final A[] gradients;
  private final int[] offset;
  private final List<Reduction<A>> reductions;

  private GradientSum(A[] gradients, Buckets buckets, List<Reduction<A>> reductions) {
    this.gradients = gradients;
    this.offset = buckets.offset();
    this.reductions = reductions;
  }

  static GradientSum<?> of(List<Replica> workers, Buckets buckets, List<BucketExchange> exchanges) {
    if (workers.get(0).gradient().bytesPerElement() == Float.BYTES) {
      return new GradientSum<>(
          workers.stream().map(w -> w.gradient().floats()).toArray(float[][]::new),
          buckets,
          exchanges.stream().map(BucketExchange::floats).toList());
    }
    return new GradientSum<>(
        workers.stream().map(w -> w.gradient().doubles()).toArray(double[][]::new),
        buckets,
        exchanges.stream().map(BucketExchange::doubles).toList());
  }

  /** Leaves the sum in every worker's buffer. */
  void reduce() {
    for (int b = 0; b < offset.length; b++) {
      reductions.get(b).apply(gradients, offset[b]);
    }
  }
}
