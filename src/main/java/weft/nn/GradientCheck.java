package weft.nn;

import java.util.Objects;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

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
    for (int i = 0; i < count; i++) {
      double h = STEP * Math.max(1, Math.abs(trace.network().values()[i]));
      differences[i] = (lossWith(trace, i, h) - lossWith(trace, i, -h)) / (2 * h);
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

  private static double lossWith(Trace trace, int parameter, double change) {
    double[] values = trace.network().values().clone();
    values[parameter] += change;
    double[] target = Objects.requireNonNull(trace.target());
    return Trace.forward(trace.network().with(values), trace.inputs(), target).loss();
  }
}
