package weft.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * y = x + f(x), the layers of f written out like any others: layer 2.1 is the first inside layer 2.
 * Backward, dL/dx is dL/dy, which the sum hands on, and what comes back through f.
 *
 * @param inside the layers of f
 */
record ResidualExplanation(List<Layer> inside) implements LayerExplanation {
  private Chain chain(LayerView at) {
    Network network = Network.of(inside, Losses.squaredError(), Precision.FLOAT64);
    double[] values = new double[at.parameters()];
    for (int p = 0; p < values.length; p++) {
      values[p] = at.parameter(p);
    }
    double[] statistics = network.statistics().clone();
    for (int s = 0; s < statistics.length; s++) {
      statistics[s] = at.statistic(s);
    }
    double[] given = at.hasGradient() ? at.outputGradients() : new double[0];
    Trace trace = InsidePass.of(network.with(values, statistics), at.inputs(), given);
    return new Chain(trace, at.namesInside(inside));
  }

  @Override
  public List<Line> introduction(LayerView at) {
    var lines = new ArrayList<>(LayerExplanation.super.introduction(at));
    lines.addAll(chain(at).forward());
    return lines;
  }

  @Override
  public List<Line> output(LayerView at, int index) {
    LayerView last = chain(at).last();
    return List.of(
        Equation.of(
            at.out(index),
            at.outputs()[index],
            Term.sum(at.in(index), last.out(index)),
            Term.sum(Term.of(at.inputs()[index]), Term.factor(last.outputs()[index]))));
  }

  @Override
  public Line inputGradient(LayerView at, int index) {
    Term direct = Term.gradient(at.outName(index));
    Term number = Term.of(at.outputGradients()[index]);
    double value = at.inputGradients()[index];
    if (!(chain(at).inputGradient(0, index) instanceof Equation through)) {
      throw new IllegalStateException("a gradient is an equation");
    }
    List<Term> right = through.right();
    Term symbols = Term.sum(direct, right.get(0).group());
    return right.size() < 3
        ? Equation.of(at.inGradient(index), value, symbols)
        : Equation.broken(
            at.inGradient(index), symbols, Term.sum(number, right.get(1).group()), value);
  }

  /** What comes back through the layers inside, and their parameters' gradients. */
  @Override
  public List<Line> sharedGradients(LayerView at) {
    Chain chain = chain(at);
    return chain.backward(
        i ->
            Equation.of(
                Term.gradient(chain.last().outName(i)),
                at.outputGradients()[i],
                Term.gradient(at.outName(i))),
        false);
  }
}
