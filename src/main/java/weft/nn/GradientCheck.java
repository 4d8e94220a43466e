package weft.nn;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntFunction;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.nn.compute.Team;
import weft.report.Digits;
import weft.report.Numbers;
import weft.sim.Interruption;

/** The chain rule's gradients beside differences of the loss. */
final class GradientCheck {
  /** Near the cube root of the rounding unit, where truncation and rounding errors balance. */
  private static final double STEP = 1e-5;

  /** Gradients smaller than this are compared with this: below, rounding decides. */
  private static final double FLOOR = 1e-3;

  /** Where the slopes to both sides differ by more than this share, the loss has a kink. */
  private static final double KINK = 0.1;

  private final Trace trace;
  private final Engine engine;

  private GradientCheck(Trace trace) {
    this.trace = trace;
    engine = Engine.of(trace.network(), Precision.FLOAT64, 1, Engine.Use.EVALUATE, Team.ALONE);
    engine.load(0, trace.inputs(), target());
  }

  private double[] target() {
    return Objects.requireNonNull(trace.target());
  }

  /** Of every parameter. */
  static Table ofParameters(Trace trace) {
    var check = new GradientCheck(trace);
    String[] names = trace.network().names().parameters();
    return table(
        "parameter",
        names,
        trace.gradient(),
        check.slopes(trace.network().values(), check::lossWithParameter));
  }

  /**
   * Of every input.
   *
   * @throws IllegalStateException if the inputs are tokens
   */
  static Table ofInputs(Trace trace) {
    double[] gradient = trace.requireInputGradient();
    var check = new GradientCheck(trace);
    var names = trace.network().names();
    IntFunction<String> name = i -> names.neuron(-1, i);
    String[] all = new String[gradient.length];
    Arrays.setAll(all, name);
    return table("input", all, gradient, check.slopes(trace.inputs(), check::lossWithInput));
  }

  /** The loss after one number was replaced. */
  private interface Changed {
    double loss(int index, double value);
  }

  /** How steep the loss is on both sides of a number. */
  private record Slopes(double left, double central, double right) {
    /** Whether there is no one slope, and a gradient is as good as any other between the two. */
    boolean allow(double gradient) {
      double scale = Math.max(FLOOR, Math.max(Math.abs(left), Math.abs(right)));
      return Math.abs(right - left) > KINK * scale
          && gradient >= Math.min(left, right) - 1e-3 * scale
          && gradient <= Math.max(left, right) + 1e-3 * scale;
    }
  }

  private Slopes[] slopes(double[] values, Changed changed) {
    var slopes = new Slopes[values.length];
    double here = values.length == 0 ? 0 : changed.loss(0, values[0]);
    for (int i = 0; i < values.length; i++) {
      Interruption.check("checking gradient %d of %d".formatted(i, values.length));
      double h = STEP * Math.max(1, Math.abs(values[i]));
      double before = changed.loss(i, values[i] - h);
      double after = changed.loss(i, values[i] + h);
      slopes[i] = new Slopes((here - before) / h, (after - before) / (2 * h), (after - here) / h);
    }
    return slopes;
  }

  private double lossWithParameter(int index, double value) {
    engine.parameter(index, value);
    engine.forward(1);
    engine.parameter(index, trace.network().values()[index]);
    return engine.loss(1);
  }

  private double lossWithInput(int index, double value) {
    double[] changed = trace.inputs().clone();
    changed[index] = value;
    engine.load(0, changed, target());
    engine.forward(1);
    return engine.loss(1);
  }

  private static Table table(String what, String[] names, double[] analytic, Slopes[] slopes) {
    double[] errors = new double[names.length];
    double largest = 0;
    int kinks = 0;
    for (int i = 0; i < errors.length; i++) {
      double central = slopes[i].central();
      double scale = Math.max(FLOOR, Math.max(Math.abs(analytic[i]), Math.abs(central)));
      errors[i] = Math.abs(analytic[i] - central) / scale;
      if (slopes[i].allow(analytic[i])) {
        errors[i] = Double.NaN;
        kinks++;
      } else {
        largest = Math.max(largest, errors[i]);
      }
    }
    String title = "Gradient check: largest relative error " + Digits.of(largest, 2);
    return Table.create(
        kinks == 0 ? title : title + ", apart from " + Digits.counted(kinks, "kink"),
        StringColumn.create(what, names),
        Numbers.column("chain rule", analytic),
        Numbers.column(
            "central difference", Arrays.stream(slopes).mapToDouble(Slopes::central).toArray()),
        Numbers.column("relative error", errors));
  }
}
