package weft.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * Self-attention: each query q, key k and value v, each score s and its share p, and what the heads
 * make of them, m; for each output how the heads are mixed. Of a layer too large to print, the
 * first two steps of the first head.
 *
 * @param heads that share out the width
 * @param causal whether a step sees itself and earlier steps alone
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. 2017, section 3.2</a>
 */
record AttentionExplanation(int steps, int width, int heads, boolean causal)
    implements LayerExplanation {
  /** More steps, or a wider layer, are shortened. */
  private static final int MANY = 6;

  /** Steps of a large layer that are written out. */
  private static final int FIRST = 2;

  private boolean large() {
    return steps > MANY || width > MANY;
  }

  /** Numbers of a head. */
  int size() {
    return width / heads;
  }

  int stepsShown() {
    return large() ? Math.min(FIRST, steps) : steps;
  }

  int headsShown() {
    return large() ? 1 : heads;
  }

  /** The numbers of a step in the heads that are written out; -1 for dots. */
  int[] numbersShown() {
    return Explanation.shown(headsShown() * size());
  }

  /** What is left out, if anything is. */
  List<Line> others() {
    return stepsShown() < steps || headsShown() < heads
        ? List.of(new Remark("... and likewise for the other steps and heads"))
        : List.of();
  }

  @Override
  public List<Line> introduction(LayerView at) {
    var numbers = AttentionNumbers.forward(this, at);
    var names = new AttentionNames(at, width, heads);
    var lines = new ArrayList<>(LayerExplanation.super.introduction(at));
    for (int step = 0; step < stepsShown(); step++) {
      for (int part = 0; part < 3; part++) {
        for (int k : numbersShown()) {
          lines.add(k < 0 ? Remark.DOTS : projection(at, numbers, names, step, part * width + k));
        }
      }
    }
    for (int step = 0; step < stepsShown(); step++) {
      int last = Math.min(stepsShown(), numbers.seen(step));
      for (int head = 0; head < headsShown(); head++) {
        for (int u = 0; u < last; u++) {
          lines.add(scoreLine(numbers, names, head, step, u));
        }
        for (int u = 0; u < last; u++) {
          lines.add(shareLine(numbers, names, head, step, u));
        }
      }
      for (int k : numbersShown()) {
        lines.add(k < 0 ? Remark.DOTS : madeLine(numbers, names, step, k));
      }
    }
    lines.addAll(others());
    return lines;
  }

  private Line projection(
      LayerView at, AttentionNumbers numbers, AttentionNames names, int step, int row) {
    var products = new Products();
    for (int i = 0; i < width; i++) {
      int in = step * width + i;
      int weight = numbers.weight(row, i);
      products.add(at.in(in), at.weight(weight), at.inputs()[in], at.parameter(weight));
    }
    int bias = numbers.bias(row);
    return Equation.broken(
        Term.of(names.projected(step, row)),
        products.symbols(at.weight(bias)),
        products.numbers(Term.factor(at.parameter(bias))),
        numbers.projected(row / width, step, row % width));
  }

  private Line scoreLine(
      AttentionNumbers numbers, AttentionNames names, int head, int step, int seen) {
    var products = new Products();
    for (int k = head * size(); k < (head + 1) * size(); k++) {
      products.add(
          Term.of(names.projected(0, step, k)),
          Term.of(names.projected(1, seen, k)),
          numbers.projected(0, step, k),
          numbers.projected(1, seen, k));
    }
    Term root = Term.of(size()).root();
    return Equation.of(
        Term.of(names.score(head, step, seen)),
        numbers.score(head, step, seen),
        products.symbols().group().over(root),
        products.numbers().group().over(root));
  }

  private static Line shareLine(
      AttentionNumbers numbers, AttentionNames names, int head, int step, int seen) {
    return Equation.of(
        Term.of(names.share(head, step, seen)),
        numbers.share(head, step, seen),
        exp(Term.of(names.score(head, step, seen)))
            .over(
                Term.sum(numbers.seen(step), u -> exp(Term.of(names.score(head, step, u))))
                    .group()),
        exp(Term.of(numbers.score(head, step, seen)))
            .over(
                Term.sum(numbers.seen(step), u -> exp(Term.of(numbers.score(head, step, u))))
                    .group()));
  }

  private static Term exp(Term argument) {
    return Term.call("exp", argument);
  }

  private Line madeLine(AttentionNumbers numbers, AttentionNames names, int step, int k) {
    var products = new Products();
    int head = k / size();
    for (int u = 0; u < numbers.seen(step); u++) {
      products.add(
          Term.of(names.share(head, step, u)),
          Term.of(names.projected(2, u, k)),
          numbers.share(head, step, u),
          numbers.projected(2, u, k));
    }
    return products.make(Term.of(names.made(step, k)), numbers.made(step, k));
  }

  /** The heads' results mixed. */
  @Override
  public List<Line> output(LayerView at, int index) {
    var numbers = AttentionNumbers.forward(this, at);
    var names = new AttentionNames(at, width, heads);
    var products = new Products();
    int step = index / width;
    int to = index % width;
    for (int from = 0; from < width; from++) {
      products.add(
          Term.of(names.made(step, from)),
          at.weight(numbers.mixing(to, from)),
          numbers.made(step, from),
          at.parameter(numbers.mixing(to, from)));
    }
    int bias = numbers.mixingBias(to);
    return List.of(
        Equation.broken(
            at.out(index),
            products.symbols(at.weight(bias)),
            products.numbers(Term.factor(at.parameter(bias))),
            at.outputs()[index]));
  }

  private AttentionGradientExplanation gradients(LayerView at) {
    return new AttentionGradientExplanation(this, at);
  }

  @Override
  public Line inputGradient(LayerView at, int index) {
    return gradients(at).ofInput(index);
  }

  @Override
  public List<Line> sharedGradients(LayerView at) {
    return gradients(at).lines();
  }
}
