package weft.nn;

import java.util.Arrays;
import weft.report.Digits;
import weft.units.Check;

/**
 * One sample and its target, for learning by hand: {@code inputs(1, 0).target(2)}, with {@link
 * #inputs} imported statically.
 */
public final class Sample {
  private final double[] inputs;
  private final double[] target;

  private Sample(double[] inputs, double[] target) {
    this.inputs = inputs;
    this.target = target;
  }

  /** The numbers of a sample; {@link Inputs#target} completes it. */
  public static Inputs inputs(double... values) {
    return new Inputs(Check.notNull("inputs", values, "write for example inputs(1, 0)").clone());
  }

  /** The numbers of a sample that has no target yet. */
  public static final class Inputs {
    private final double[] values;

    private Inputs(double[] values) {
      this.values = values;
    }

    /** One number per output, or for {@link Losses#crossEntropy} a class index. */
    public Sample target(double... expected) {
      return new Sample(
          values, Check.notNull("a target", expected, "write for example target(2)").clone());
    }
  }

  double[] inputsFor(Network network) {
    checkInputs(network, inputs);
    return inputs;
  }

  double[] targetFor(Network network) {
    return checkTarget(network, target);
  }

  static void checkInputs(Network network, double[] values) {
    if (values.length != network.inputs()) {
      throw new IllegalArgumentException(
          "%s, got a sample of %s: give one for each input"
              .formatted(
                  new DataFit(network).expectation(), Digits.counted(values.length, "number")));
    }
    requireFinite("an input", values);
  }

  static double[] checkTarget(Network network, double[] values) {
    requireFinite("a target", values);
    Shape out = network.out();
    if (out.positions() == 1 || values.length % out.positions() != 0) {
      return network.loss().target(values, out.size());
    }
    int given = values.length / out.positions();
    double[] target = new double[out.size()];
    for (int p = 0; p < out.positions(); p++) {
      double[] one = Arrays.copyOfRange(values, p * given, (p + 1) * given);
      System.arraycopy(
          network.loss().target(one, out.width()), 0, target, p * out.width(), out.width());
    }
    return target;
  }

  private static void requireFinite(String what, double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "%s is a finite number, got %s: correct it or leave the sample out"
                .formatted(what, Digits.of(value)));
      }
    }
  }
}
