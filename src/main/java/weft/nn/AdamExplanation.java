package weft.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * Adam's first step (Kingma and Ba, ICLR 2015, algorithm 1): m and v, the means of the gradient and
 * of its square, are divided by 1 - β because they start from 0.
 *
 * @param rate η of the first step
 * @param beta1 of the gradient's mean
 * @param beta2 of the square's mean
 * @param epsilon which keeps the division from 0
 * @param decay of weights; 0 for none
 * @param decoupled whether decay shrinks w, as in AdamW, and is not added to the gradient
 */
record AdamExplanation(
    double rate, double beta1, double beta2, double epsilon, double decay, boolean decoupled)
    implements SingleUpdates {
  private boolean adds() {
    return decay != 0 && !decoupled;
  }

  private boolean shrinks() {
    return decay != 0 && decoupled;
  }

  @Override
  public List<Line> rule() {
    var lines = new ArrayList<Line>();
    Term w = Term.of("w");
    Term m = Term.call("m", w);
    Term v = Term.call("v", w);
    Term g = adds() ? Term.call("g", w) : Term.gradient("w");
    if (adds()) {
      lines.add(Equation.rule(g, Term.sum(Term.gradient("w"), Term.of(decay).times(w))));
    }
    Term square = (adds() ? g : g.group()).square();
    lines.add(Equation.rule(m, moments().first(m, g)));
    lines.add(Equation.rule(v, moments().second(v, square)));
    lines.add(Equation.rule(w, moved(shrinks() ? shrunk(w) : w, m, v)));
    return lines;
  }

  private Moments moments() {
    return new Moments(beta1, beta2, epsilon);
  }

  private Term shrunk(Term w) {
    Term factor = Term.of(1).minus(Term.of(rate).times(Term.of(decay))).group();
    return factor.times(w);
  }

  private Term moved(Term w, Term m, Term v) {
    Term step = Term.of(rate).times(moments().corrected(m)).over(moments().divisor(v));
    return w.minus(step);
  }

  @Override
  public List<Line> update(String name, double old, double gradient, double next) {
    var lines = new ArrayList<Line>();
    Term w = Term.of(name);
    double g = adds() ? gradient + decay * old : gradient;
    if (adds()) {
      lines.add(
          Equation.of(
              Term.call("g", w),
              g,
              Term.sum(Term.factor(gradient), Term.of(decay).times(Term.factor(old)))));
    }
    double m = (1 - beta1) * g;
    double v = (1 - beta2) * g * g;
    Term nothing = Term.of(0);
    lines.add(Equation.of(Term.call("m", w), m, moments().first(nothing, Term.factor(g))));
    lines.add(
        Equation.of(Term.call("v", w), v, moments().second(nothing, Term.factor(g).square())));
    Term from = shrinks() ? shrunk(Term.factor(old)) : Term.of(old);
    lines.add(Equation.of(w, next, moved(from, Term.of(m), Term.of(v))));
    return lines;
  }
}
