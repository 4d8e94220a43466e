package weft.notebook.kernel;

import java.util.Arrays;

/**
 * How soon the packaged kernel answers, as a person waits for it: from starting the process to its
 * first result, and a trivial cell after that. Prints the median of several kernels.
 *
 * <pre>{@code
 * java -cp 'target/test-classes:target/classes:target/lib/*' weft.notebook.kernel.StartUpBenchmark
 * }</pre>
 */
final class StartUpBenchmark {
  private static final int KERNELS = 7;
  private static final int CELLS = 21;

  private StartUpBenchmark() {}

  public static void main(String[] arguments) {
    JupyterClient.spec();
    double[] first = new double[KERNELS];
    double[] trivial = new double[KERNELS];
    for (int k = 0; k < KERNELS; k++) {
      long start = System.nanoTime();
      try (var kernel = new JupyterClient()) {
        kernel.run("1 + 1");
        first[k] = millisSince(start);
        trivial[k] = trivialCell(kernel);
      }
    }
    System.out.printf(
        "first result after %.0f ms, a trivial cell %.0f ms (medians of %d kernels)%n",
        median(first), median(trivial), KERNELS);
  }

  private static double trivialCell(JupyterClient kernel) {
    double[] times = new double[CELLS];
    for (int i = 0; i < CELLS; i++) {
      long start = System.nanoTime();
      kernel.run("2 + " + i);
      times[i] = millisSince(start);
    }
    return median(times);
  }

  private static double millisSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
