package weft.nn;

import java.util.Objects;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.nn.compute.Team;
import weft.sim.Interruption;

/** The chain rule's gradients beside differences of the loss. */
final class GradientCheck {
  /** Near the cube root of the rounding unit, where truncation and rounding errors balance. */
  private static final double STEP = 1e-5;

  /** Gradients smaller than this are compared with this: below, rounding decides. */
  private static final double FLOOR = 1e-3;

  private GradientCheck() {}

  static Table of(Trace trace) {
    int count = trace.network().parameters();
    double[] differences = new double[count];
    double[] errors = new double[count];
    var engine = Engine.of(trace.network(), Precision.FLOAT64, 1, Engine.Use.EVALUATE, Team.ALONE);
    engine.load(0, trace.inputs(), Objects.requireNonNull(trace.target()));
    for (int i = 0; i < count; i++) {
      double h = STEP * Math.max(1, Math.abs(trace.network().values()[i]));
      Interruption.check("checking gradient %d of %d".formatted(i, count));
      differences[i] = (lossWith(engine, i, trace, h) - lossWith(engine, i, trace, -h)) / (2 * h);
      double analytic = trace.gradient()[i];
      double scale = Math.max(FLOOR, Math.max(Math.abs(analytic), Math.abs(differences[i])));
      errors[i] = Math.abs(analytic - differences[i]) / scale;
    }
    return Table.create(
        "Gradient check",
        StringColumn.create("parameter", trace.network().names().parameters()),
        DoubleColumn.create("chain rule", trace.gradient()),
        DoubleColumn.create("central difference", differences),
        DoubleColumn.create("relative error", errors));
  }

  private static double lossWith(Engine engine, int parameter, Trace trace, double change) {
    double value = trace.network().values()[parameter];
    engine.parameter(parameter, value + change);
    engine.forward(1);
    engine.parameter(parameter, value);
    return engine.loss(1);
  }
}
