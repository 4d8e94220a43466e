package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.util.FastMath;

/**
 * Self-attention: for the first steps of the first head each query q, key k and value v, each score
 * s and its share p, and what the head makes of them, m; for each output how the heads are mixed.
 * Gradients are stated as values. Parameters: the matrix of queries, keys and values ({@code
 * [3·width][width]}) and its biases, then the mixing matrix ({@code [width][width]}) and its
 * biases.
 *
 * @param heads that share out the width
 * @param causal whether a step sees itself and earlier steps alone
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. 2017, section 3.2</a>
 */
record AttentionExplanation(int steps, int width, int heads, boolean causal)
    implements LayerExplanation {
  /** Steps whose way through the first head is written out. */
  private static final int FIRST = 2;

  private static final List<String> PARTS = List.of("q", "k", "v");

  /** Numbers of a head. */
  private int size() {
    return width / heads;
  }

  private int row(int part, int k) {
    return part * width + k;
  }

  private int mixing(int to, int from) {
    return 3 * width * (width + 1) + to * width + from;
  }

  private double projected(LayerView at, int part, int step, int k) {
    double sum = at.parameter(3 * width * width + row(part, k));
    for (int i = 0; i < width; i++) {
      sum += at.inputs()[step * width + i] * at.parameter(row(part, k) * width + i);
    }
    return sum;
  }

  private double score(LayerView at, int head, int step, int seen) {
    double sum = 0;
    for (int k = head * size(); k < (head + 1) * size(); k++) {
      sum += projected(at, 0, step, k) * projected(at, 1, seen, k);
    }
    return sum / Math.sqrt(size());
  }

  /** How many steps a step sees, from the first. */
  private int seen(int step) {
    return causal ? step + 1 : steps;
  }

  private double share(LayerView at, int head, int step, int seen) {
    double top = Double.NEGATIVE_INFINITY;
    for (int u = 0; u < seen(step); u++) {
      top = Math.max(top, score(at, head, step, u));
    }
    double total = 0;
    for (int u = 0; u < seen(step); u++) {
      total += FastMath.exp(score(at, head, step, u) - top);
    }
    return FastMath.exp(score(at, head, step, seen) - top) / total;
  }

  private double made(LayerView at, int step, int k) {
    double sum = 0;
    for (int u = 0; u < seen(step); u++) {
      sum += share(at, k / size(), step, u) * projected(at, 2, u, k);
    }
    return sum;
  }

  private static Term pair(LayerView at, String letter, int step, int other) {
    return at.part(letter, step + "," + other);
  }

  @Override
  public List<Line> introduction(LayerView at) {
    var lines = new ArrayList<>(LayerExplanation.super.introduction(at));
    int first = Math.min(FIRST, steps);
    for (int step = 0; step < first; step++) {
      for (int part = 0; part < 3; part++) {
        for (int k : Explanation.shown(size())) {
          lines.add(k < 0 ? Remark.DOTS : projection(at, part, step, k));
        }
      }
    }
    for (int step = 0; step < first; step++) {
      int last = Math.min(first, seen(step));
      for (int u = 0; u < last; u++) {
        lines.add(scoreLine(at, step, u));
      }
      for (int u = 0; u < last; u++) {
        lines.add(shareLine(at, step, u));
      }
      for (int k : Explanation.shown(size())) {
        lines.add(k < 0 ? Remark.DOTS : madeLine(at, step, k));
      }
    }
    if (first < steps || heads > 1) {
      lines.add(new Remark("... and likewise for the other steps and heads"));
    }
    return lines;
  }

  private Line projection(LayerView at, int part, int step, int k) {
    var products = new Products();
    for (int i = 0; i < width; i++) {
      int in = step * width + i;
      int weight = row(part, k) * width + i;
      products.add(at.in(in), at.weight(weight), at.inputs()[in], at.parameter(weight));
    }
    int bias = 3 * width * width + row(part, k);
    return Equation.broken(
        pair(at, PARTS.get(part), step, k),
        products.symbols(at.weight(bias)),
        products.numbers(Term.factor(at.parameter(bias))),
        projected(at, part, step, k));
  }

  private Line scoreLine(LayerView at, int step, int seen) {
    var products = new Products();
    for (int k = 0; k < size(); k++) {
      products.add(
          pair(at, "q", step, k),
          pair(at, "k", seen, k),
          projected(at, 0, step, k),
          projected(at, 1, seen, k));
    }
    Term root = Term.of(size()).root();
    return Equation.of(
        pair(at, "s", step, seen),
        score(at, 0, step, seen),
        products.symbols().group().over(root),
        products.numbers().group().over(root));
  }

  private Line shareLine(LayerView at, int step, int seen) {
    return Equation.of(
        pair(at, "p", step, seen),
        share(at, 0, step, seen),
        exp(pair(at, "s", step, seen))
            .over(Term.sum(seen(step), u -> exp(pair(at, "s", step, u))).group()),
        exp(Term.of(score(at, 0, step, seen)))
            .over(Term.sum(seen(step), u -> exp(Term.of(score(at, 0, step, u)))).group()));
  }

  private static Term exp(Term argument) {
    return Term.call("exp", argument);
  }

  private Line madeLine(LayerView at, int step, int k) {
    var products = new Products();
    for (int u : IntStream.range(0, seen(step)).toArray()) {
      products.add(
          pair(at, "p", step, u),
          pair(at, "v", u, k),
          share(at, 0, step, u),
          projected(at, 2, u, k));
    }
    return products.make(pair(at, "m", step, k), made(at, step, k));
  }

  /** The heads' results mixed. */
  @Override
  public List<Line> output(LayerView at, int index) {
    var products = new Products();
    int step = index / width;
    int to = index % width;
    for (int from : IntStream.range(0, width).toArray()) {
      products.add(
          pair(at, "m", step, from),
          at.weight(mixing(to, from)),
          made(at, step, from),
          at.parameter(mixing(to, from)));
    }
    int bias = mixing(width, 0) + to;
    return List.of(
        Equation.broken(
            at.out(index),
            products.symbols(at.weight(bias)),
            products.numbers(Term.factor(at.parameter(bias))),
            at.outputs()[index]));
  }
}
