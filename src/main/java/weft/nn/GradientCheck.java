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
        check.differences(trace.network().values(), check::lossWithParameter));
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
    return table("input", all, gradient, check.differences(trace.inputs(), check::lossWithInput));
  }

  /** The loss after one number was replaced. */
  private interface Changed {
    double loss(int index, double value);
  }

  private double[] differences(double[] values, Changed changed) {
    double[] differences = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      Interruption.check("checking gradient %d of %d".formatted(i, values.length));
      double h = STEP * Math.max(1, Math.abs(values[i]));
      differences[i] = (changed.loss(i, values[i] + h) - changed.loss(i, values[i] - h)) / (2 * h);
    }
    return differences;
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

  private static Table table(String what, String[] names, double[] analytic, double[] differences) {
    double[] errors = new double[names.length];
    double largest = 0;
    for (int i = 0; i < errors.length; i++) {
      double scale = Math.max(FLOOR, Math.max(Math.abs(analytic[i]), Math.abs(differences[i])));
      errors[i] = Math.abs(analytic[i] - differences[i]) / scale;
      largest = Math.max(largest, errors[i]);
    }
    return Table.create(
        "Gradient check: largest relative error " + Digits.of(largest, 2),
        StringColumn.create(what, names),
        Numbers.column("chain rule", analytic),
        Numbers.column("central difference", differences),
        Numbers.column("relative error", errors));
  }
}
