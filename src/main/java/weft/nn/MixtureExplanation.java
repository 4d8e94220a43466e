package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A mixture of experts: each score s of the router, the gates g of the experts with the largest,
 * what these make of the step, m, and the sum. Of a long sequence the first two steps.
 *
 * @param layer what it explains
 * @see <a href="https://arxiv.org/abs/2401.04088">Jiang et al. 2024, section 2.1</a>
 */
record MixtureExplanation(Mixture layer) implements LayerExplanation {
  private static final int MANY = 6;
  private static final int FIRST = 2;

  int steps() {
    return layer.in().positions();
  }

  int stepsShown() {
    return steps() > MANY ? FIRST : steps();
  }

  /** What is left out, if anything is. */
  List<Line> others() {
    return stepsShown() < steps()
        ? List.of(new Remark("... and likewise for the other steps"))
        : List.of();
  }

  @Override
  public List<Line> introduction(LayerView at) {
    var numbers = new MixtureNumbers(layer, at);
    var names = new MixtureNames(at);
    var lines = new ArrayList<>(LayerExplanation.super.introduction(at));
    for (int t = 0; t < stepsShown(); t++) {
      for (int e : Explanation.shown(layer.experts())) {
        lines.add(e < 0 ? Remark.DOTS : scoreLine(at, numbers, names, t, e));
      }
      lines.add(new Remark(chosen(numbers, t)));
      for (int j = 0; j < layer.active(); j++) {
        lines.add(gateLine(numbers, names, t, j));
      }
      for (int j = 0; j < layer.active(); j++) {
        expert(at, numbers, names, t, j, lines);
      }
    }
    lines.addAll(others());
    return lines;
  }

  private String chosen(MixtureNumbers numbers, int t) {
    String experts =
        IntStream.range(0, layer.active())
            .map(j -> numbers.expert(t, j))
            .sorted()
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(", "));
    String whose = steps() == 1 ? "the largest scores" : "step %d's largest scores".formatted(t);
    return "%s: %s".formatted(whose, (layer.active() == 1 ? "expert " : "experts ") + experts);
  }

  private Line scoreLine(LayerView at, MixtureNumbers numbers, MixtureNames names, int t, int e) {
    var products = new Products();
    int ins = layer.in().width();
    for (int i = 0; i < ins; i++) {
      int weight = numbers.router(e, i);
      int in = t * ins + i;
      products.add(at.in(in), at.weight(weight), at.inputs()[in], at.parameter(weight));
    }
    return products.make(Term.of(names.score(t, e)), numbers.score(t, e));
  }

  private Line gateLine(MixtureNumbers numbers, MixtureNames names, int t, int j) {
    return Equation.of(
        Term.of(names.gate(t, numbers.expert(t, j))),
        numbers.gate(t, j),
        exp(Term.of(names.score(t, numbers.expert(t, j))))
            .over(
                Term.sum(layer.active(), i -> exp(Term.of(names.score(t, numbers.expert(t, i)))))
                    .group()),
        exp(Term.of(numbers.score(t, numbers.expert(t, j))))
            .over(
                Term.sum(layer.active(), i -> exp(Term.of(numbers.score(t, numbers.expert(t, i)))))
                    .group()));
  }

  private static Term exp(Term argument) {
    return Term.call("exp", argument);
  }

  private void expert(
      LayerView at, MixtureNumbers numbers, MixtureNames names, int t, int j, List<Line> lines) {
    int e = numbers.expert(t, j);
    for (int n : Explanation.shown(layer.width())) {
      if (n < 0) {
        lines.add(Remark.DOTS);
        continue;
      }
      lines.add(sumLine(at, numbers, names, t, j, n));
      lines.add(
          layer
              .activation()
              .explainForward(
                  names.hidden(t, e, n),
                  names.sum(t, e, n),
                  numbers.sums(t, j),
                  numbers.hidden(t, j),
                  n));
    }
    for (int o : Explanation.shown(layer.in().width())) {
      lines.add(o < 0 ? Remark.DOTS : madeLine(at, numbers, names, t, j, o));
    }
  }

  private Line sumLine(
      LayerView at, MixtureNumbers numbers, MixtureNames names, int t, int j, int n) {
    int e = numbers.expert(t, j);
    int ins = layer.in().width();
    var products = new Products();
    for (int i = 0; i < ins; i++) {
      int weight = numbers.weight(e, n, i);
      int in = t * ins + i;
      products.add(at.in(in), at.weight(weight), at.inputs()[in], at.parameter(weight));
    }
    int bias = numbers.bias(e, n);
    return Equation.broken(
        Term.of(names.sum(t, e, n)),
        products.symbols(at.weight(bias)),
        products.numbers(Term.factor(at.parameter(bias))),
        numbers.sums(t, j)[n]);
  }

  private Line madeLine(
      LayerView at, MixtureNumbers numbers, MixtureNames names, int t, int j, int o) {
    int e = numbers.expert(t, j);
    var products = new Products();
    for (int n = 0; n < layer.width(); n++) {
      int weight = numbers.outWeight(e, o, n);
      products.add(
          Term.of(names.hidden(t, e, n)),
          at.weight(weight),
          numbers.hidden(t, j)[n],
          at.parameter(weight));
    }
    int bias = numbers.outBias(e, o);
    return Equation.broken(
        Term.of(names.made(t, e, o)),
        products.symbols(at.weight(bias)),
        products.numbers(Term.factor(at.parameter(bias))),
        numbers.made(t, j, o));
  }

  /** What the experts made, weighted. */
  @Override
  public List<Line> output(LayerView at, int index) {
    var numbers = new MixtureNumbers(layer, at);
    var names = new MixtureNames(at);
    int t = index / layer.in().width();
    int o = index % layer.in().width();
    var products = new Products();
    for (int j = 0; j < layer.active(); j++) {
      products.add(
          Term.of(names.gate(t, numbers.expert(t, j))),
          Term.of(names.made(t, numbers.expert(t, j), o)),
          numbers.gate(t, j),
          numbers.made(t, j, o));
    }
    return List.of(products.make(at.out(index), at.outputs()[index]));
  }

  @Override
  public Line inputGradient(LayerView at, int index) {
    return new MixtureGradientExplanation(this, at).ofInput(index);
  }

  @Override
  public List<Line> sharedGradients(LayerView at) {
    return new MixtureGradientExplanation(this, at).lines();
  }
}
