package weft.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * z = W·x + b, a = f(z), and the chain rule through both; at each position of a sequence alike.
 *
 * @param layer what it explains
 */
record DenseExplanation(Dense layer) implements LayerExplanation {
  @Override
  public List<Line> introduction(LayerView at) {
    return List.of();
  }

  @Override
  public List<Line> output(LayerView at, int index) {
    int to = index % layer.neurons();
    int first = index / layer.neurons() * layer.inputs();
    Term symbols =
        Term.sum(
            layer.inputs(),
            from -> at.in(first + from).times(at.weight(layer.weight(to, from))).group(),
            at.weight(layer.bias(to)));
    Term numbers =
        Term.sum(
            layer.inputs(),
            from ->
                Term.of(at.inputs()[first + from])
                    .times(Term.factor(at.parameter(layer.weight(to, from))))
                    .group(),
            Term.factor(at.parameter(layer.bias(to))));
    return List.of(
        Equation.broken(at.sum(index), symbols, numbers, at.sums()[index]),
        layer
            .activation()
            .explainForward(
                at.outName(index),
                at.sumName(index),
                row(at.sums(), index),
                row(at.outputs(), index),
                to));
  }

  /** The numbers of one position: what a softmax shares out. */
  private double[] row(double[] values, int index) {
    int from = index / layer.neurons() * layer.neurons();
    return Arrays.copyOfRange(values, from, from + layer.neurons());
  }

  /** The sum over the neurons that the input feeds. */
  @Override
  public Line inputGradient(LayerView at, int index) {
    int from = index % layer.inputs();
    int first = index / layer.inputs() * layer.neurons();
    Term symbols = sum(to -> at.sumGradient(first + to).times(at.weight(layer.weight(to, from))));
    Term numbers =
        sum(
            to ->
                Term.factor(at.sumGradients()[first + to])
                    .times(Term.factor(at.parameter(layer.weight(to, from)))));
    return Equation.of(at.inGradient(index), at.inputGradients()[index], symbols, numbers);
  }

  private Term sum(IntFunction<Term> product) {
    boolean single = layer.neurons() == 1;
    return Term.sum(layer.neurons(), i -> single ? product.apply(i) : product.apply(i).group());
  }

  @Override
  public List<Line> ownGradient(LayerView at, int index, boolean ofSum) {
    var lines = new ArrayList<Line>();
    int to = index % layer.neurons();
    if (!ofSum) {
      lines.add(
          layer
              .activation()
              .explainBackward(
                  at.outName(index),
                  at.sumName(index),
                  row(at.sums(), index),
                  row(at.outputs(), index),
                  row(at.outputGradients(), index),
                  to));
    }
    if (layer.in().positions() == 1) {
      parameterGradients(at, to, lines);
    }
    return lines;
  }

  private void parameterGradients(LayerView at, int to, List<Line> lines) {
    double gradient = at.sumGradients()[to];
    for (int from : Explanation.shown(layer.inputs())) {
      if (from < 0) {
        lines.add(Remark.DOTS);
        continue;
      }
      double in = at.inputs()[from];
      lines.add(
          Equation.of(
              at.weightGradient(layer.weight(to, from)),
              gradient * in,
              at.sumGradient(to).times(at.in(from)),
              Term.factor(gradient).times(Term.factor(in))));
    }
    lines.add(Equation.of(at.weightGradient(layer.bias(to)), gradient, at.sumGradient(to)));
  }

  /** Of a sequence: the sum over its positions, which share the weights. */
  @Override
  public List<Line> sharedGradients(LayerView at) {
    var lines = new ArrayList<Line>();
    if (layer.in().positions() == 1) {
      return lines;
    }
    for (int to : Explanation.shown(layer.neurons())) {
      if (to < 0) {
        lines.add(Remark.DOTS);
        continue;
      }
      for (int from : Explanation.shown(layer.inputs())) {
        lines.add(from < 0 ? Remark.DOTS : sharedWeight(at, to, from));
      }
      int bias = layer.bias(to);
      lines.add(
          Equation.of(
              at.weightGradient(bias),
              at.parameterGradient(bias),
              Term.sum(layer.in().positions(), p -> at.sumGradient(p * layer.neurons() + to)),
              Term.sum(
                  layer.in().positions(),
                  p -> Term.factor(at.sumGradients()[p * layer.neurons() + to]))));
    }
    return lines;
  }

  private Line sharedWeight(LayerView at, int to, int from) {
    int weight = layer.weight(to, from);
    int outs = layer.neurons();
    int ins = layer.inputs();
    return Equation.of(
        at.weightGradient(weight),
        at.parameterGradient(weight),
        Term.sum(
            layer.in().positions(),
            p -> at.sumGradient(p * outs + to).times(at.in(p * ins + from)).group()),
        Term.sum(
            layer.in().positions(),
            p ->
                Term.factor(at.sumGradients()[p * outs + to])
                    .times(Term.factor(at.inputs()[p * ins + from]))
                    .group()));
  }
}
