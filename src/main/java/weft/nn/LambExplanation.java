package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * LAMB's first step (You et al., ICLR 2020, algorithm 2): Adam's direction r, to which weights add
 * their decay, is scaled for each weight tensor by the norm of w over that of r.
 *
 * @param rate η of the first step
 * @param decay of weights
 */
record LambExplanation(double rate, Moments moments, double decay) implements OptimizerExplanation {
  @Override
  public List<Line> rule() {
    Term w = Term.of("w");
    Term m = Term.call("m", w);
    Term v = Term.call("v", w);
    Term r = Term.call("r", w);
    Term g = Term.gradient("w");
    Term ratio = norm("w").over(norm("r"));
    return List.of(
        Equation.rule(m, moments.first(m, g)),
        Equation.rule(v, moments.second(v, g.group().square())),
        Equation.rule(r, direction(m, v, w, true)),
        Equation.rule(w, w.minus(Term.of(rate).times(ratio.group()).times(r))),
        new Remark(
            "The norms are those of a whole matrix of weights; biases and scales go without decay and norms."));
  }

  private static Term norm(String of) {
    return Term.call("norm", Term.of(of));
  }

  private Term direction(Term m, Term v, Term w, boolean decays) {
    Term adam = moments.corrected(m).over(moments.divisor(v));
    return decays && decay != 0 ? Term.sum(adam, Term.of(decay).times(w)) : adam;
  }

  @Override
  public List<Line> updates(TensorUpdate at, int[] shown) {
    var lines = new ArrayList<Line>();
    for (int i : shown) {
      lines.addAll(i < 0 ? List.of(Remark.DOTS) : directionOf(at, i));
    }
    double weights = at.decays() ? norm(at.old()) : 0;
    double change = at.decays() ? norm(directions(at)) : 0;
    boolean scaled = weights > 0 && change > 0;
    if (at.decays()) {
      lines.add(normLine("w", weights, at.count(), i -> Term.of(at.name(i)), at.old()));
      lines.add(
          normLine(
              "r", change, at.count(), i -> Term.call("r", Term.of(at.name(i))), directions(at)));
    }
    for (int i : shown) {
      lines.add(i < 0 ? at.others() : moved(at, i, scaled, weights, change));
    }
    return lines;
  }

  private List<Line> directionOf(TensorUpdate at, int i) {
    Term w = Term.of(at.name(i));
    double g = at.gradient(i);
    Term nothing = Term.of(0);
    Term m = Term.of((1 - moments.beta1()) * g);
    Term v = Term.of((1 - moments.beta2()) * g * g);
    return List.of(
        Equation.of(
            Term.call("m", w), (1 - moments.beta1()) * g, moments.first(nothing, Term.factor(g))),
        Equation.of(
            Term.call("v", w),
            (1 - moments.beta2()) * g * g,
            moments.second(nothing, Term.factor(g).square())),
        Equation.of(
            Term.call("r", w),
            direction(at, i),
            direction(m, v, Term.factor(at.old(i)), at.decays())));
  }

  private double direction(TensorUpdate at, int i) {
    double g = at.gradient(i);
    return g / (Math.abs(g) + moments.epsilon()) + (at.decays() ? decay * at.old(i) : 0);
  }

  private double[] directions(TensorUpdate at) {
    double[] all = new double[at.count()];
    for (int i = 0; i < all.length; i++) {
      all[i] = direction(at, i);
    }
    return all;
  }

  private static double norm(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  private static Line normLine(
      String of, double value, int count, IntFunction<Term> symbol, double[] numbers) {
    return Equation.of(
        norm(of),
        value,
        Term.sum(count, i -> symbol.apply(i).square()).root(),
        Term.sum(count, i -> Term.factor(numbers[i]).square()).root());
  }

  private Line moved(TensorUpdate at, int i, boolean scaled, double weights, double change) {
    Term eta = Term.of(rate);
    Term factor = scaled ? eta.times(Term.of(weights).over(Term.of(change)).group()) : eta;
    Term step = factor.times(Term.factor(direction(at, i)));
    return Equation.of(Term.of(at.name(i)), at.next(i), Term.of(at.old(i)).minus(step));
  }
}
