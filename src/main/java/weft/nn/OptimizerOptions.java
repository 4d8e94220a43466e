package weft.nn;

import weft.report.Digits;
import weft.units.Check;

/**
 * What every optimiser has.
 *
 * @param rate the learning rate η, above 0
 * @param weightDecay at least 0
 * @param clipNorm largest norm of the gradient; infinite for no limit
 * @param schedule by what the rate is multiplied
 */
record OptimizerOptions(double rate, double weightDecay, double clipNorm, RateSchedule schedule) {
  static OptimizerOptions of(double rate, String example) {
    if (!(rate > 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException(
          "a learning rate is a number above 0, got " + rate + ": try " + example);
    }
    return new OptimizerOptions(rate, 0, Double.POSITIVE_INFINITY, Schedules.constant());
  }

  OptimizerOptions weightDecay(double decay) {
    if (!(decay >= 0) || Double.isInfinite(decay)) {
      throw new IllegalArgumentException(
          "weight decay is a number of at least 0, got " + decay + ": try weightDecay(1e-4)");
    }
    return new OptimizerOptions(rate, decay, clipNorm, schedule);
  }

  OptimizerOptions clipNorm(double most) {
    if (!(most > 0) || Double.isInfinite(most)) {
      throw new IllegalArgumentException(
          "the gradient's norm is clipped to a number above 0, got " + most + ": try clipNorm(1)");
    }
    return new OptimizerOptions(rate, weightDecay, most, schedule);
  }

  OptimizerOptions schedule(RateSchedule other) {
    Check.notNull("a schedule", other, "write for example cosine(1000)");
    return new OptimizerOptions(rate, weightDecay, clipNorm, other);
  }

  /** The calls that lead here: {@code .weightDecay(0.0001).clipNorm(1)}. */
  String calls(double defaultDecay) {
    String decay = weightDecay == defaultDecay ? "" : call("weightDecay", weightDecay);
    String clip = Double.isInfinite(clipNorm) ? "" : call("clipNorm", clipNorm);
    return decay + clip + (schedule.isConstant() ? "" : ".schedule(" + schedule + ")");
  }

  private static String call(String name, double value) {
    return "." + name + "(" + number(value) + ")";
  }

  /** A number in as few digits as give it back exactly. */
  static String number(double value) {
    String few = Digits.of(value);
    return Double.parseDouble(few) == value ? few : Digits.of(value, 17);
  }
}
