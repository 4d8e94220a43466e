package weft.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * Stochastic gradient descent: g = dL/dw + decay·w, v = µ·v + g, w = w - η·v, or with Nesterov's
 * look ahead w = w - η·(g + µ·v). Without decay there is no line for g, without momentum none for
 * v.
 *
 * @param rate η of the first step
 * @param momentum µ; 0 for none
 * @param decay of weights; 0 for none
 */
record SgdExplanation(double rate, double momentum, boolean nesterov, double decay)
    implements SingleUpdates {
  @Override
  public List<Line> rule() {
    var lines = new ArrayList<Line>();
    Term w = Term.of("w");
    Term g = decay == 0 ? Term.gradient("w") : Term.call("g", w);
    Term v = Term.call("v", w);
    if (decay != 0) {
      lines.add(Equation.rule(g, Term.sum(Term.gradient("w"), Term.of(decay).times(w))));
    }
    if (momentum != 0) {
      lines.add(Equation.rule(v, Term.sum(Term.of(momentum).times(v), g)));
    }
    Term step = nesterov ? Term.sum(g, Term.of(momentum).times(v)).group() : v;
    lines.add(Equation.rule(w, w.minus(Term.of(rate).times(momentum == 0 ? g : step))));
    return lines;
  }

  @Override
  public List<Line> update(String name, double old, double gradient, double next) {
    var lines = new ArrayList<Line>();
    Term w = Term.of(name);
    double g = gradient + decay * old;
    if (decay != 0) {
      lines.add(
          Equation.of(
              Term.call("g", w),
              g,
              Term.sum(Term.factor(gradient), Term.of(decay).times(Term.factor(old)))));
    }
    if (momentum != 0) {
      Term nothing = Term.of(momentum).times(Term.of(0));
      lines.add(Equation.of(Term.call("v", w), g, Term.sum(nothing, Term.factor(g))));
    }
    Term step =
        nesterov
            ? Term.sum(Term.of(g), Term.of(momentum).times(Term.factor(g))).group()
            : Term.factor(g);
    lines.add(Equation.of(w, next, Term.of(old).minus(Term.of(rate).times(step))));
    return lines;
  }
}
