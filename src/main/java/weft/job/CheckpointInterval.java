package weft.job;

import org.apache.commons.math3.util.FastMath;
import weft.report.Digits;

/**
 * How often to write checkpoints: each stops the job for a while, and a failure takes it back to
 * the last one.
 *
 * <p>What is left of the time is the effective training time ratio of Kokolis et al. (HPCA 2025,
 * arXiv 2410.21680): {@code (1 - (R + u + t/2)/M) / (1 + d/t)} with a stop of d every t, a restart
 * of R, M between failures, and u until a checkpoint that is written behind the training is safe.
 *
 * @param stopSeconds of the job for one checkpoint, d, above 0
 * @param behindSeconds until it is safe after training went on, u, at least 0
 * @param restartSeconds after a failure, R, at least 0
 * @param mtbfSeconds mean time between failures, M, above 0
 */
public record CheckpointInterval(
    double stopSeconds, double behindSeconds, double restartSeconds, double mtbfSeconds) {
  /**
   * @throws IllegalArgumentException if a time is out of range
   */
  public CheckpointInterval {
    check("the stop for a checkpoint", stopSeconds, stopSeconds > 0);
    check("the time a checkpoint is written behind", behindSeconds, behindSeconds >= 0);
    check("the restart", restartSeconds, restartSeconds >= 0);
    check("the mean time between failures", mtbfSeconds, mtbfSeconds > 0);
  }

  private static void check(String name, double seconds, boolean isIn) {
    if (!isIn || Double.isInfinite(seconds)) {
      throw new IllegalArgumentException(
          "%s is a time in seconds, but was %s: a stop and a mean time are above 0, the others 0 or more"
              .formatted(name, seconds));
    }
  }

  /** A stop of so many seconds and so many between failures; all else takes no time. */
  public static CheckpointInterval of(double stopSeconds, double mtbfSeconds) {
    return new CheckpointInterval(stopSeconds, 0, 0, mtbfSeconds);
  }

  /** Seconds of training between two stops: {@code sqrt(2 d M)} (Young, CACM 1974). */
  public double young() {
    return FastMath.sqrt(2 * stopSeconds * mtbfSeconds);
  }

  /**
   * Seconds of training between two stops by the higher-order optimum (Daly, FGCS 22, 2006), which
   * does not take failures for rare: a day between failures and 5 minutes a stop make 117 minutes.
   */
  public double daly() {
    double ratio = stopSeconds / (2 * mtbfSeconds);
    return ratio >= 1
        ? mtbfSeconds
        : young() * (1 + FastMath.sqrt(ratio) / 3 + ratio / 9) - stopSeconds;
  }

  /** Daly's, or if that is longer until the checkpoint before is safe. */
  public double best() {
    return Math.max(daly(), behindSeconds);
  }

  /**
   * Share of the time that goes into training that lasts, in [0, 1].
   *
   * @param seconds of training between two stops, above 0
   */
  public double effective(double seconds) {
    check("the interval", seconds, seconds > 0);
    double lost = (restartSeconds + behindSeconds + seconds / 2) / mtbfSeconds;
    return Math.max(0, 1 - lost) / (1 + stopSeconds / seconds);
  }

  @Override
  public String toString() {
    return "a checkpoint every %s s, which leaves %s %% of the time"
        .formatted(Digits.of(best(), 3), Digits.of(100 * effective(best()), 4));
  }
}
