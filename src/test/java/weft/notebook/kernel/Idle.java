package weft.notebook.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** Whether a stop-watch means anything: times are measured while the processors are free. */
final class Idle {
  private static final double FREE = 0.85;

  private Idle() {}

  /** Waits for a second in which the processors have next to nothing to do. */
  static boolean await(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    try {
      while (System.nanoTime() < end) {
        long[] before = times();
        Thread.sleep(1_000);
        long[] after = times();
        if ((double) (after[1] - before[1]) / Math.max(after[0] - before[0], 1) >= FREE) {
          return true;
        }
      }
    } catch (IOException | InterruptedException noMeasure) {
      return false;
    }
    return false;
  }

  /** All ticks and idle ticks of all processors, from the first line of {@code /proc/stat}. */
  private static long[] times() throws IOException {
    String[] fields = Files.readAllLines(Path.of("/proc/stat")).get(0).split("\\s+", -1);
    long all = Arrays.stream(fields, 1, 9).mapToLong(Long::parseLong).sum();
    return new long[] {all, Long.parseLong(fields[4])};
  }
}
