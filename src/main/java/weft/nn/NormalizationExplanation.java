package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * y = scale · (x - mean) / √(variance + ε) + shift. Parameters: scales, then shifts.
 *
 * <p>With {@code running}, as batch normalisation outside training: mean and variance are the
 * statistics remembered for a channel (means first, then variances), constants to the chain rule.
 * Otherwise, as layer normalisation: they are those of the position itself.
 *
 * @param groups how many scales: the channels, or the numbers of a position
 * @param plane numbers of a channel that lie together; 1 for layer normalisation
 * @param epsilon added to the variance; 1e-5 is usual
 */
record NormalizationExplanation(int groups, int plane, boolean running, double epsilon)
    implements LayerExplanation {
  /** Mean and variance that a number is normalised with. */
  private record Moments(double mean, double variance, double deviation) {}

  private int group(int index) {
    return index / plane % groups;
  }

  private Moments moments(LayerView at, int index) {
    if (running) {
      double variance = at.statistic(groups + group(index));
      return new Moments(at.statistic(group(index)), variance, Math.sqrt(variance + epsilon));
    }
    int from = index / groups * groups;
    double mean = 0;
    for (int i = from; i < from + groups; i++) {
      mean += at.inputs()[i] / groups;
    }
    double variance = 0;
    for (int i = from; i < from + groups; i++) {
      double difference = at.inputs()[i] - mean;
      variance += difference * difference / groups;
    }
    return new Moments(mean, variance, Math.sqrt(variance + epsilon));
  }

  private double normal(LayerView at, int index) {
    Moments moments = moments(at, index);
    return (at.inputs()[index] - moments.mean) / moments.deviation;
  }

  @Override
  public List<Line> output(LayerView at, int index) {
    Moments moments = moments(at, index);
    int group = group(index);
    Term symbols =
        at.weight(group)
            .times(at.in(index).minus(Term.words("mean")).group())
            .over(Term.sum(Term.words("variance"), Term.of(epsilon)).root());
    Term numbers =
        Term.of(at.parameter(group))
            .times(Term.of(at.inputs()[index]).minus(Term.factor(moments.mean)).group())
            .over(Term.sum(Term.of(moments.variance), Term.of(epsilon)).root());
    return List.of(
        Equation.broken(
            at.out(index),
            Term.sum(symbols, at.weight(groups + group)),
            Term.sum(numbers, Term.factor(at.parameter(groups + group))),
            at.outputs()[index]));
  }

  /**
   * Of a fixed mean and variance, gradient times scale by deviation; else less the part that moves
   * the position's mean and the part that moves its variance.
   */
  @Override
  public Line inputGradient(LayerView at, int index) {
    Moments moments = moments(at, index);
    int group = group(index);
    double gradient = at.outputGradients()[index];
    Term product = Term.gradient(at.outName(index)).times(at.weight(group));
    Term values = Term.factor(gradient).times(Term.factor(at.parameter(group)));
    Term deviation = Term.sum(Term.of(moments.variance), Term.of(epsilon)).root();
    Term symbol = Term.sum(Term.words("variance"), Term.of(epsilon)).root();
    double value = at.inputGradients()[index];
    if (running) {
      return Equation.of(at.inGradient(index), value, product.over(symbol), values.over(deviation));
    }
    int from = index / groups * groups;
    double plain = 0;
    double scaled = 0;
    for (int i = from; i < from + groups; i++) {
      double each = at.outputGradients()[i] * at.parameter(group(i)) / groups;
      plain += each;
      scaled += each * normal(at, i);
    }
    Term ofMean = Term.words("(its mean)");
    Term ofVariance = Term.words("normalised").times(Term.words("(its mean with normalised)"));
    return Equation.of(
        at.inGradient(index),
        value,
        product.minus(ofMean).minus(ofVariance).group().over(symbol),
        values
            .minus(Term.factor(plain))
            .minus(Term.factor(normal(at, index)).times(Term.factor(scaled)))
            .group()
            .over(deviation));
  }

  @Override
  public List<Line> sharedGradients(LayerView at) {
    var lines = new ArrayList<Line>();
    for (int p : Explanation.shown(2 * groups)) {
      lines.add(p < 0 ? Remark.DOTS : p < groups ? scale(at, p) : shift(at, p));
    }
    return lines;
  }

  private int[] members(LayerView at, int group) {
    return IntStream.range(0, at.outputs().length).filter(i -> group(i) == group).toArray();
  }

  private Line scale(LayerView at, int p) {
    var products = new Products();
    for (int i : members(at, p)) {
      products.add(
          Term.gradient(at.outName(i)),
          Term.words("normalised " + at.inName(i)),
          at.outputGradients()[i],
          normal(at, i));
    }
    return products.make(at.weightGradient(p), at.parameterGradient(p));
  }

  private Line shift(LayerView at, int p) {
    int[] members = members(at, p - groups);
    return Equation.of(
        at.weightGradient(p),
        at.parameterGradient(p),
        Term.sum(members.length, i -> Term.gradient(at.outName(members[i]))),
        Term.sum(members.length, i -> Term.factor(at.outputGradients()[members[i]])));
  }
}
