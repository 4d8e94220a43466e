package weft.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * n = (x - mean) / √(var + ε), y = scale · n + shift. Parameters: scales, then shifts.
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
  private int group(int index) {
    return index / plane % groups;
  }

  /** The channel, or position, whose mean and variance a number is normalised with. */
  private int unit(int index) {
    return running ? group(index) : index / groups;
  }

  /** The numbers of a position. */
  private int[] position(int unit) {
    return IntStream.range(unit * groups, (unit + 1) * groups).toArray();
  }

  private double mean(LayerView at, int unit) {
    return running
        ? at.statistic(unit)
        : Arrays.stream(position(unit)).mapToDouble(i -> at.inputs()[i]).average().orElse(0);
  }

  private double variance(LayerView at, int unit) {
    if (running) {
      return at.statistic(groups + unit);
    }
    double mean = mean(at, unit);
    return Arrays.stream(position(unit))
        .mapToDouble(i -> (at.inputs()[i] - mean) * (at.inputs()[i] - mean))
        .average()
        .orElse(0);
  }

  private double normal(LayerView at, int index) {
    double deviation = Math.sqrt(variance(at, unit(index)) + epsilon);
    return (at.inputs()[index] - mean(at, unit(index))) / deviation;
  }

  /** dL/dn. */
  private double ofNormal(LayerView at, int index) {
    return at.outputGradients()[index] * at.parameter(group(index));
  }

  private static Term unit(LayerView at, String kind, int unit) {
    return Term.of(at.partName(kind, "[" + unit + "]"));
  }

  private static String normalName(LayerView at, int index) {
    return at.partName("n", at.shapeOut().place(index));
  }

  private static Term mean(int count, IntFunction<Term> term) {
    return Term.sum(count, term).group().over(Term.of(count));
  }

  /** Mean and variance of each channel or position, before what is normalised with them. */
  @Override
  public List<Line> introduction(LayerView at) {
    var lines = new ArrayList<>(LayerExplanation.super.introduction(at));
    int units = running ? groups : at.outputs().length / groups;
    for (int unit : Explanation.shown(units)) {
      if (unit < 0) {
        lines.add(Remark.DOTS);
      } else if (running) {
        lines.add(Equation.of(unit(at, "mean", unit), mean(at, unit), Term.words("remembered")));
        lines.add(Equation.of(unit(at, "var", unit), variance(at, unit), Term.words("remembered")));
      } else {
        ofPosition(at, unit, lines);
      }
    }
    return lines;
  }

  private void ofPosition(LayerView at, int unit, List<Line> lines) {
    int[] members = position(unit);
    Term meanName = unit(at, "mean", unit);
    double mean = mean(at, unit);
    lines.add(
        Equation.of(
            meanName,
            mean,
            mean(groups, i -> at.in(members[i])),
            mean(groups, i -> term(i, at.inputs()[members[i]]))));
    lines.add(
        Equation.broken(
            unit(at, "var", unit),
            mean(groups, i -> at.in(members[i]).minus(meanName).group().square()),
            mean(
                groups,
                i -> Term.of(at.inputs()[members[i]]).minus(Term.factor(mean)).group().square()),
            variance(at, unit)));
  }

  private static Term term(int place, double value) {
    return place == 0 ? Term.of(value) : Term.factor(value);
  }

  private Term deviation(Term variance) {
    return Term.sum(variance, Term.of(epsilon)).root();
  }

  @Override
  public List<Line> output(LayerView at, int index) {
    int unit = unit(index);
    int group = group(index);
    double normal = normal(at, index);
    Term name = Term.of(normalName(at, index));
    return List.of(
        Equation.of(
            name,
            normal,
            at.in(index)
                .minus(unit(at, "mean", unit))
                .group()
                .over(deviation(unit(at, "var", unit))),
            Term.of(at.inputs()[index])
                .minus(Term.factor(mean(at, unit)))
                .group()
                .over(deviation(Term.of(variance(at, unit))))),
        Equation.of(
            at.out(index),
            at.outputs()[index],
            Term.sum(at.weight(group).times(name).group(), at.weight(groups + group)),
            Term.sum(
                Term.of(at.parameter(group)).times(Term.factor(normal)).group(),
                Term.factor(at.parameter(groups + group)))));
  }

  @Override
  public List<Line> ownGradient(LayerView at, int index, boolean ofSum) {
    int group = group(index);
    return List.of(
        Equation.of(
            Term.gradient(normalName(at, index)),
            ofNormal(at, index),
            Term.gradient(at.outName(index)).times(at.weight(group)),
            Term.factor(at.outputGradients()[index]).times(Term.factor(at.parameter(group)))));
  }

  /**
   * Of a fixed mean and variance, dL/dn by deviation; else less the part that moves the position's
   * mean, and the part that moves its variance.
   */
  @Override
  public Line inputGradient(LayerView at, int index) {
    int unit = unit(index);
    Term symbols = Term.gradient(normalName(at, index));
    Term numbers = Term.of(ofNormal(at, index));
    if (!running) {
      int[] members = position(unit);
      IntToDoubleFunction product = i -> ofNormal(at, members[i]) * normal(at, members[i]);
      symbols =
          symbols
              .minus(mean(groups, i -> Term.gradient(normalName(at, members[i]))))
              .minus(
                  Term.of(normalName(at, index))
                      .times(
                          mean(
                              groups,
                              i ->
                                  Term.gradient(normalName(at, members[i]))
                                      .times(Term.of(normalName(at, members[i])))
                                      .group())))
              .group();
      numbers =
          numbers
              .minus(mean(groups, i -> term(i, ofNormal(at, members[i]))))
              .minus(
                  Term.factor(normal(at, index))
                      .times(mean(groups, i -> term(i, product.applyAsDouble(i)))))
              .group();
    }
    return Equation.broken(
        at.inGradient(index),
        symbols.over(deviation(unit(at, "var", unit))),
        numbers.over(deviation(Term.of(variance(at, unit)))),
        at.inputGradients()[index]);
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
          Term.of(normalName(at, i)),
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
        Term.sum(members.length, i -> term(i, at.outputGradients()[members[i]])));
  }
}
