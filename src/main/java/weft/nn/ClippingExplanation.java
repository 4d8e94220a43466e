package weft.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * The norm of all gradients together held against the largest allowed; beyond it every gradient is
 * multiplied by the same number, so that the step keeps its direction.
 *
 * @param gradient before
 * @param most largest norm
 */
@SuppressWarnings("ArrayRecordComponent") // package-private and never written to
record ClippingExplanation(double[] gradient, double most) {
  /** As PyTorch's clip_grad_norm_ adds it. */
  private static final double EPSILON = 1e-6;

  private double norm() {
    double sum = 0;
    for (double each : gradient) {
      sum += each * each;
    }
    return Math.sqrt(sum);
  }

  private double factor() {
    return most / (norm() + EPSILON);
  }

  private boolean clips() {
    return !(factor() >= 1);
  }

  /** The gradient as the rule applies it. */
  double[] applied() {
    double[] all = gradient.clone();
    for (int i = 0; clips() && i < all.length; i++) {
      all[i] *= factor();
    }
    return all;
  }

  List<Line> lines() {
    var lines = new ArrayList<Line>();
    Term norm = Term.of("norm");
    lines.add(Equation.of(norm, norm(), Term.gradient("w").group().square().total().root()));
    if (!clips()) {
      lines.add(new Remark("which is not above %s: nothing is clipped".formatted(text())));
      return lines;
    }
    Term allowed = Term.of(most);
    lines.add(
        Equation.of(
            Term.of("c"),
            factor(),
            allowed.over(Term.sum(norm, Term.of(EPSILON)).group()),
            allowed.over(Term.sum(Term.of(norm()), Term.of(EPSILON)).group())));
    lines.add(
        new Remark(
            "The norm is above %s: in what follows each dL/dw is multiplied by c"
                .formatted(text())));
    return lines;
  }

  private String text() {
    return OptimizerOptions.number(most);
  }
}
