package weft.nn;

import static weft.nn.OptimizerOptions.number;

import org.apache.commons.math3.util.FastMath;
import weft.nn.compute.Powers;
import weft.units.Check;

/** How a learning rate changes over the steps, meant to be imported statically. */
public final class Schedules {
  static final String CONSTANT = "constant()";

  /** PyTorch's div_factor, final_div_factor and pct_start of OneCycleLR. */
  private static final double ONE_CYCLE_START = 1 / 25.0;

  private static final double ONE_CYCLE_END = ONE_CYCLE_START / 1e4;
  private static final double ONE_CYCLE_RISE = 0.3;

  private Schedules() {}

  /** The same rate in every step. */
  public static RateSchedule constant() {
    return RateSchedule.endless(CONSTANT, step -> 1);
  }

  /**
   * After every so many steps the rate is multiplied by a factor: {@code factor^(step / every)},
   * PyTorch's StepLR.
   *
   * @param every at least 1
   * @param factor above 0, at most 1
   */
  public static RateSchedule step(int every, double factor) {
    Check.atLeast(1, "the steps between two changes of the rate", every, "try step(1000, 0.1)");
    if (!(factor > 0 && factor <= 1)) {
      throw new IllegalArgumentException(
          "a schedule by steps multiplies the rate by a factor above 0 and at most 1, got %s: try step(1000, 0.1)"
              .formatted(factor));
    }
    return RateSchedule.endless(
        "step(%d, %s)".formatted(every, number(factor)), step -> Powers.of(factor, step / every));
  }

  /**
   * Half a cosine from 1 to 0: {@code (1 + cos(π·step / steps)) / 2}, and 0 from then on. PyTorch's
   * CosineAnnealingLR, which would rise again after {@code steps}.
   *
   * @param steps at least 1
   */
  public static RateSchedule cosine(int steps) {
    return cosine(steps, 0);
  }

  /**
   * Half a cosine from 1 to a floor: {@code floor + (1 - floor)·(1 + cos(π·step / steps)) / 2}, and
   * the floor from then on.
   *
   * @param steps at least 1
   * @param floor at least 0, below 1
   */
  public static RateSchedule cosine(int steps, double floor) {
    Check.atLeast(1, "the steps of a cosine", steps, "try cosine(1000)");
    if (!(floor >= 0 && floor < 1)) {
      throw new IllegalArgumentException(
          "the floor of a cosine is a share of the rate, at least 0 and below 1, got %s: try cosine(1000, 0.1)"
              .formatted(floor));
    }
    String name =
        floor == 0 ? "cosine(" + steps + ")" : "cosine(%d, %s)".formatted(steps, number(floor));
    return RateSchedule.lasting(
        name, steps, step -> step >= steps ? floor : between(1, floor, step / (double) steps));
  }

  /**
   * A straight line up to the full rate: {@code (step + 1) / steps}, and 1 from step {@code steps -
   * 1} on; PyTorch's LinearLR with {@code start_factor=1/steps, total_iters=steps-1}.
   *
   * @param steps at least 1
   */
  public static RateSchedule warmUp(int steps) {
    Check.atLeast(1, "the steps of a warm-up", steps, "try warmUp(100).then(cosine(1000))");
    return RateSchedule.lasting(
        "warmUp(" + steps + ")", steps, step -> Math.min(1, (step + 1.0) / steps));
  }

  /**
   * Up and down once: half a cosine from 1/25 to 1 until step {@code 0.3·steps - 1}, and another
   * down to 4e-6 at step {@code steps - 1}, where it stays. PyTorch's OneCycleLR with {@code
   * total_steps=steps}, the rate its {@code max_lr}, and its other defaults, except that momentum
   * is left as it is.
   *
   * @param steps at least 1
   */
  public static RateSchedule oneCycle(int steps) {
    Check.atLeast(1, "the steps of a cycle", steps, "try oneCycle(1000)");
    double top = ONE_CYCLE_RISE * steps - 1;
    double end = steps - 1;
    return RateSchedule.lasting(
        "oneCycle(" + steps + ")",
        steps,
        step -> {
          if (step <= top) {
            return between(ONE_CYCLE_START, 1, step / top);
          }
          return step >= end
              ? ONE_CYCLE_END
              : between(1, ONE_CYCLE_END, (step - top) / (end - top));
        });
  }

  /** Half a cosine from one value to another. */
  private static double between(double from, double to, double share) {
    return to + (from - to) / 2 * (1 + FastMath.cos(Math.PI * share));
  }
}
