package weft.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * The chain rule through a mixture of experts: from the outputs to the gates g and scores s and to
 * what each expert made, m, from there to its hidden neurons and sums, and to the weights, to which
 * every step adds that went to the expert. Which experts those are does not change a little, and so
 * has no gradient.
 */
final class MixtureGradientExplanation {
  private final MixtureExplanation shape;
  private final Mixture layer;
  private final LayerView at;
  private final int ins;
  private final MixtureNumbers numbers;
  private final MixtureNames names;

  MixtureGradientExplanation(MixtureExplanation shape, LayerView at) {
    this.shape = shape;
    this.at = at;
    layer = shape.layer();
    ins = layer.in().width();
    numbers = new MixtureNumbers(layer, at);
    names = new MixtureNames(at);
  }

  List<Line> lines() {
    var lines = new ArrayList<Line>();
    for (int t = 0; t < shape.stepsShown(); t++) {
      for (int j = 0; j < layer.active(); j++) {
        lines.add(ofGate(t, j));
      }
      for (int j = 0; j < layer.active(); j++) {
        lines.add(ofScore(t, j));
      }
      for (int j = 0; j < layer.active(); j++) {
        ofExpert(t, j, lines);
      }
    }
    lines.addAll(shape.others());
    for (int e : Explanation.shown(layer.experts())) {
      if (e < 0) {
        lines.add(Remark.DOTS);
      } else {
        ofParameters(e, lines);
      }
    }
    return lines;
  }

  private Line ofGate(int t, int j) {
    var products = new Products();
    for (int o = 0; o < ins; o++) {
      int out = t * ins + o;
      products.add(
          Term.gradient(at.outName(out)),
          Term.of(names.made(t, numbers.expert(t, j), o)),
          at.outputGradients()[out],
          numbers.made(t, j, o));
    }
    return products.make(Term.gradient(names.gate(t, numbers.expert(t, j))), numbers.ofGate(t, j));
  }

  private Line ofScore(int t, int j) {
    var mean = new Products();
    for (int i = 0; i < layer.active(); i++) {
      String gate = names.gate(t, numbers.expert(t, i));
      mean.add(Term.of(gate), Term.gradient(gate), numbers.gate(t, i), numbers.ofGate(t, i));
    }
    String gate = names.gate(t, numbers.expert(t, j));
    return Equation.of(
        Term.gradient(names.score(t, numbers.expert(t, j))),
        numbers.ofScore(t, j),
        Term.of(gate).times(Term.gradient(gate).minus(mean.symbols().group()).group()),
        Term.of(numbers.gate(t, j))
            .times(Term.of(numbers.ofGate(t, j)).minus(mean.numbers().group()).group()));
  }

  private void ofExpert(int t, int j, List<Line> lines) {
    int e = numbers.expert(t, j);
    for (int o : Explanation.shown(ins)) {
      lines.add(o < 0 ? Remark.DOTS : ofMade(t, j, o));
    }
    for (int n : Explanation.shown(layer.width())) {
      if (n < 0) {
        lines.add(Remark.DOTS);
        continue;
      }
      lines.add(ofHidden(t, j, n));
      lines.add(
          layer
              .activation()
              .explainBackward(
                  names.hidden(t, e, n),
                  names.sum(t, e, n),
                  numbers.sums(t, j),
                  numbers.hidden(t, j),
                  numbers.ofHidden(t, j),
                  n));
    }
  }

  private Line ofMade(int t, int j, int o) {
    int e = numbers.expert(t, j);
    int out = t * ins + o;
    return Equation.of(
        Term.gradient(names.made(t, e, o)),
        numbers.ofMade(t, j, o),
        Term.of(names.gate(t, e)).times(Term.gradient(at.outName(out))),
        Term.of(numbers.gate(t, j)).times(Term.factor(at.outputGradients()[out])));
  }

  private Line ofHidden(int t, int j, int n) {
    int e = numbers.expert(t, j);
    var products = new Products();
    for (int o = 0; o < ins; o++) {
      int weight = numbers.outWeight(e, o, n);
      products.add(
          Term.gradient(names.made(t, e, o)),
          at.weight(weight),
          numbers.ofMade(t, j, o),
          at.parameter(weight));
    }
    return products.make(Term.gradient(names.hidden(t, e, n)), numbers.ofHidden(t, j)[n]);
  }

  /** dL/dinput: through the scores of the experts that the step goes to, and through these. */
  Line ofInput(int index) {
    int t = index / ins;
    int i = index % ins;
    var products = new Products();
    for (int j = 0; j < layer.active(); j++) {
      int e = numbers.expert(t, j);
      int weight = numbers.router(e, i);
      products.add(
          Term.gradient(names.score(t, e)),
          at.weight(weight),
          numbers.ofScore(t, j),
          at.parameter(weight));
      for (int n = 0; n < layer.width(); n++) {
        int inside = numbers.weight(e, n, i);
        products.add(
            Term.gradient(names.sum(t, e, n)),
            at.weight(inside),
            numbers.ofSum(t, j, n),
            at.parameter(inside));
      }
    }
    return products.make(at.inGradient(index), at.inputGradients()[index]);
  }

  private void ofParameters(int e, List<Line> lines) {
    if (!isVisited(e)) {
      lines.add(new Remark("expert %d works on nothing: its gradients are 0".formatted(e)));
      return;
    }
    for (int i : Explanation.shown(ins)) {
      lines.add(i < 0 ? Remark.DOTS : ofRouter(e, i));
    }
    for (int n : Explanation.shown(layer.width())) {
      for (int i : Explanation.shown(n < 0 ? 0 : ins)) {
        lines.add(i < 0 ? Remark.DOTS : ofWeight(e, n, i));
      }
      lines.add(n < 0 ? Remark.DOTS : ofBias(e, n));
    }
    for (int o : Explanation.shown(ins)) {
      for (int n : Explanation.shown(o < 0 ? 0 : layer.width())) {
        lines.add(n < 0 ? Remark.DOTS : ofOutWeight(e, o, n));
      }
      lines.add(o < 0 ? Remark.DOTS : ofOutBias(e, o));
    }
  }

  private boolean isVisited(int e) {
    for (int t = 0; t < shape.steps(); t++) {
      if (numbers.place(t, e) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** Adds what a step that goes to the expert, where it stands among the step's, adds. */
  private interface Use {
    void add(int step, int place);
  }

  private void eachUse(int e, Use use) {
    for (int t = 0; t < shape.steps(); t++) {
      int j = numbers.place(t, e);
      if (j >= 0) {
        use.add(t, j);
      }
    }
  }

  private Line ofRouter(int e, int i) {
    var products = new Products();
    eachUse(
        e,
        (t, j) ->
            products.add(
                Term.gradient(names.score(t, e)),
                at.in(t * ins + i),
                numbers.ofScore(t, j),
                at.inputs()[t * ins + i]));
    return make(products, numbers.router(e, i));
  }

  private Line ofWeight(int e, int n, int i) {
    var products = new Products();
    eachUse(
        e,
        (t, j) ->
            products.add(
                Term.gradient(names.sum(t, e, n)),
                at.in(t * ins + i),
                numbers.ofSum(t, j, n),
                at.inputs()[t * ins + i]));
    return make(products, numbers.weight(e, n, i));
  }

  private Line ofOutWeight(int e, int o, int n) {
    var products = new Products();
    eachUse(
        e,
        (t, j) ->
            products.add(
                Term.gradient(names.made(t, e, o)),
                Term.of(names.hidden(t, e, n)),
                numbers.ofMade(t, j, o),
                numbers.hidden(t, j)[n]));
    return make(products, numbers.outWeight(e, o, n));
  }

  private Line make(Products products, int weight) {
    return products.make(at.weightGradient(weight), at.parameterGradient(weight));
  }

  private Line ofBias(int e, int n) {
    var symbols = new ArrayList<Term>();
    var terms = new ArrayList<Term>();
    eachUse(
        e,
        (t, j) -> {
          symbols.add(Term.gradient(names.sum(t, e, n)));
          terms.add(first(terms.isEmpty(), numbers.ofSum(t, j, n)));
        });
    return sum(numbers.bias(e, n), symbols, terms);
  }

  private Line ofOutBias(int e, int o) {
    var symbols = new ArrayList<Term>();
    var terms = new ArrayList<Term>();
    eachUse(
        e,
        (t, j) -> {
          symbols.add(Term.gradient(names.made(t, e, o)));
          terms.add(first(terms.isEmpty(), numbers.ofMade(t, j, o)));
        });
    return sum(numbers.outBias(e, o), symbols, terms);
  }

  private static Term first(boolean isFirst, double value) {
    return isFirst ? Term.of(value) : Term.factor(value);
  }

  private Line sum(int bias, List<Term> symbols, List<Term> terms) {
    return Equation.of(
        at.weightGradient(bias),
        at.parameterGradient(bias),
        Term.sum(symbols.size(), symbols::get),
        Term.sum(terms.size(), terms::get));
  }
}
