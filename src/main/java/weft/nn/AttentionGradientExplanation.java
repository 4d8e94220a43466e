package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The chain rule through self-attention: from the outputs to what the heads made, m, to the shares
 * p and scores s, to queries, keys and values, and to the weights, which all steps share.
 */
final class AttentionGradientExplanation {
  private final AttentionExplanation shape;
  private final LayerView at;
  private final int width;
  private final AttentionNumbers numbers;
  private final AttentionNames names;

  AttentionGradientExplanation(AttentionExplanation shape, LayerView at) {
    this.shape = shape;
    this.at = at;
    width = shape.width();
    numbers = AttentionNumbers.backward(shape, at);
    names = new AttentionNames(at, width, shape.heads());
  }

  List<Line> lines() {
    var lines = new ArrayList<Line>();
    for (int step = 0; step < shape.stepsShown(); step++) {
      for (int k : shape.numbersShown()) {
        lines.add(k < 0 ? Remark.DOTS : ofMade(step, k));
      }
      int last = Math.min(shape.stepsShown(), numbers.seen(step));
      for (int head = 0; head < shape.headsShown(); head++) {
        for (int u = 0; u < last; u++) {
          lines.add(ofShare(head, step, u));
        }
        for (int u = 0; u < last; u++) {
          lines.add(ofScore(head, step, u));
        }
      }
    }
    for (int step = 0; step < shape.stepsShown(); step++) {
      for (int part = 0; part < 3; part++) {
        for (int k : shape.numbersShown()) {
          lines.add(k < 0 ? Remark.DOTS : ofProjected(part, step, k));
        }
      }
    }
    lines.addAll(shape.others());
    ofParameters(lines);
    return lines;
  }

  private Line ofMade(int step, int k) {
    var products = new Products();
    for (int to = 0; to < width; to++) {
      int out = step * width + to;
      int weight = numbers.mixing(to, k);
      products.add(
          Term.gradient(at.outName(out)),
          at.weight(weight),
          at.outputGradients()[out],
          at.parameter(weight));
    }
    return products.make(Term.gradient(names.made(step, k)), numbers.ofMade(step, k));
  }

  private Line ofShare(int head, int step, int seen) {
    var products = new Products();
    for (int k = head * shape.size(); k < (head + 1) * shape.size(); k++) {
      products.add(
          Term.gradient(names.made(step, k)),
          Term.of(names.projected(2, seen, k)),
          numbers.ofMade(step, k),
          numbers.projected(2, seen, k));
    }
    return products.make(
        Term.gradient(names.share(head, step, seen)), numbers.ofShare(head, step, seen));
  }

  /** As through any softmax: a share's own gradient less the mean of all, weighted by shares. */
  private Line ofScore(int head, int step, int seen) {
    var mean = new Products();
    for (int u = 0; u < numbers.seen(step); u++) {
      mean.add(
          Term.of(names.share(head, step, u)),
          Term.gradient(names.share(head, step, u)),
          numbers.share(head, step, u),
          numbers.ofShare(head, step, u));
    }
    return Equation.of(
        Term.gradient(names.score(head, step, seen)),
        numbers.ofScore(head, step, seen),
        Term.of(names.share(head, step, seen))
            .times(
                Term.gradient(names.share(head, step, seen)).minus(mean.symbols().group()).group()),
        Term.of(numbers.share(head, step, seen))
            .times(
                Term.of(numbers.ofShare(head, step, seen)).minus(mean.numbers().group()).group()));
  }

  /** A query's from the steps it sees, a key's and a value's from the steps that see it. */
  private Line ofProjected(int part, int step, int k) {
    int head = k / shape.size();
    var products = new Products();
    int from = part == 0 ? 0 : numbers.firstSeeing(step);
    int to = part == 0 ? numbers.seen(step) : shape.steps();
    for (int other = from; other < to; other++) {
      if (part == 2) {
        products.add(
            Term.of(names.share(head, other, step)),
            Term.gradient(names.made(other, k)),
            numbers.share(head, other, step),
            numbers.ofMade(other, k));
        continue;
      }
      int query = part == 0 ? step : other;
      int key = part == 0 ? other : step;
      products.add(
          Term.gradient(names.score(head, query, key)),
          Term.of(names.projected(1 - part, other, k)),
          numbers.ofScore(head, query, key),
          numbers.projected(1 - part, other, k));
    }
    Term left = Term.gradient(names.projected(part, step, k));
    double value = numbers.ofProjected(step, part * width + k);
    if (part == 2) {
      return products.make(left, value);
    }
    Term root = Term.of(shape.size()).root();
    return Equation.of(
        left, value, products.symbols().group().over(root), products.numbers().group().over(root));
  }

  /** dL/dinput: the sum over the queries, keys and values that it feeds. */
  Line ofInput(int index) {
    int step = index / width;
    var products = new Products();
    for (int row = 0; row < 3 * width; row++) {
      int weight = numbers.weight(row, index % width);
      products.add(
          Term.gradient(names.projected(step, row)),
          at.weight(weight),
          numbers.ofProjected(step, row),
          at.parameter(weight));
    }
    return products.make(at.inGradient(index), at.inputGradients()[index]);
  }

  private void ofParameters(List<Line> lines) {
    for (int part = 0; part < 3; part++) {
      for (int k : shape.numbersShown()) {
        ofRow(lines, part * width + k, k < 0);
      }
    }
    for (int to : Explanation.shown(width)) {
      for (int from : Explanation.shown(to < 0 ? 0 : width)) {
        lines.add(from < 0 ? Remark.DOTS : ofMixing(to, from));
      }
      lines.add(to < 0 ? Remark.DOTS : ofMixingBias(to));
    }
  }

  private void ofRow(List<Line> lines, int row, boolean leftOut) {
    if (leftOut) {
      lines.add(Remark.DOTS);
      return;
    }
    for (int from : Explanation.shown(width)) {
      lines.add(from < 0 ? Remark.DOTS : ofWeight(row, from));
    }
    lines.add(
        ofBias(
            numbers.bias(row),
            IntStream.range(0, shape.steps()).mapToObj(t -> names.projected(t, row)).toList(),
            IntStream.range(0, shape.steps())
                .mapToDouble(t -> numbers.ofProjected(t, row))
                .toArray()));
  }

  private Line ofWeight(int row, int from) {
    var products = new Products();
    for (int step = 0; step < shape.steps(); step++) {
      int in = step * width + from;
      products.add(
          Term.gradient(names.projected(step, row)),
          at.in(in),
          numbers.ofProjected(step, row),
          at.inputs()[in]);
    }
    int weight = numbers.weight(row, from);
    return products.make(at.weightGradient(weight), at.parameterGradient(weight));
  }

  private Line ofMixing(int to, int from) {
    var products = new Products();
    for (int step = 0; step < shape.steps(); step++) {
      int out = step * width + to;
      products.add(
          Term.gradient(at.outName(out)),
          Term.of(names.made(step, from)),
          at.outputGradients()[out],
          numbers.made(step, from));
    }
    int weight = numbers.mixing(to, from);
    return products.make(at.weightGradient(weight), at.parameterGradient(weight));
  }

  private Line ofMixingBias(int to) {
    int[] outs = IntStream.range(0, shape.steps()).map(step -> step * width + to).toArray();
    return ofBias(
        numbers.mixingBias(to),
        IntStream.of(outs).mapToObj(at::outName).toList(),
        IntStream.of(outs).mapToDouble(out -> at.outputGradients()[out]).toArray());
  }

  private Line ofBias(int bias, List<String> uses, double[] gradients) {
    return Equation.of(
        at.weightGradient(bias),
        at.parameterGradient(bias),
        Term.sum(uses.size(), i -> Term.gradient(uses.get(i))),
        Term.sum(uses.size(), i -> i == 0 ? Term.of(gradients[0]) : Term.factor(gradients[i])));
  }
}
