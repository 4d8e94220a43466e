package weft.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Each result as the weighted sum of what its window covers; zeros of the padding are left out.
 * Parameters: W ({@code [channels][in.channels][kernel][kernel]}), then b.
 *
 * @param in the image that comes in
 * @param out the image that leaves: a channel per kernel
 * @param kernel rows and columns of a window
 */
record ConvolutionExplanation(
    Shape in, Shape out, int kernel, int stride, int padding, Activation activation)
    implements LayerExplanation {
  private int weight(int channel, int from, int row, int column) {
    return ((channel * in.dimension(0) + from) * kernel + row) * kernel + column;
  }

  private int bias(int channel) {
    return out.dimension(0) * in.dimension(0) * kernel * kernel + channel;
  }

  private int plane() {
    return out.dimension(1) * out.dimension(2);
  }

  /** One place of one kernel's window. */
  private interface Visit {
    void at(int input, int weight);
  }

  /** The places of a result's window that lie on the image. */
  private void window(int index, Visit visit) {
    int channel = index / plane();
    int top = index % plane() / out.dimension(2) * stride - padding;
    int left = index % out.dimension(2) * stride - padding;
    for (int from = 0; from < in.dimension(0); from++) {
      for (int row = 0; row < kernel; row++) {
        for (int column = 0; column < kernel; column++) {
          int y = top + row;
          int x = left + column;
          if (y >= 0 && y < in.dimension(1) && x >= 0 && x < in.dimension(2)) {
            visit.at(
                (from * in.dimension(1) + y) * in.dimension(2) + x,
                weight(channel, from, row, column));
          }
        }
      }
    }
  }

  @Override
  public List<Line> output(LayerView at, int index) {
    var products = new Products();
    window(
        index,
        (input, weight) ->
            products.add(
                at.in(input), at.weight(weight), at.inputs()[input], at.parameter(weight)));
    int bias = bias(index / plane());
    return List.of(
        Equation.broken(
            at.sum(index),
            products.symbols(at.weight(bias)),
            products.numbers(Term.factor(at.parameter(bias))),
            at.sums()[index]),
        activation.explainForward(
            at.outName(index),
            at.sumName(index),
            row(at.sums(), index),
            row(at.outputs(), index),
            index % out.width()));
  }

  /** The numbers that a softmax would share out: one row. */
  private double[] row(double[] values, int index) {
    int from = index / out.width() * out.width();
    return Arrays.copyOfRange(values, from, from + out.width());
  }

  /** The sum over all results whose window covered the input. */
  @Override
  public Line inputGradient(LayerView at, int index) {
    var products = new Products();
    for (int result = 0; result < out.size(); result++) {
      int r = result;
      window(
          result,
          (input, weight) -> {
            if (input == index) {
              products.add(
                  at.sumGradient(r), at.weight(weight), at.sumGradients()[r], at.parameter(weight));
            }
          });
    }
    return products.make(at.inGradient(index), at.inputGradients()[index]);
  }

  @Override
  public List<Line> ownGradient(LayerView at, int index, boolean ofSum) {
    return List.of(
        activation.explainBackward(
            at.outName(index),
            at.sumName(index),
            row(at.sums(), index),
            row(at.outputs(), index),
            row(at.outputGradients(), index),
            index % out.width()));
  }

  /** Every result of a kernel's channel has used its weights once. */
  @Override
  public List<Line> sharedGradients(LayerView at) {
    var lines = new ArrayList<Line>();
    for (int p : Explanation.shown(at.parameters())) {
      if (p < 0) {
        lines.add(Remark.DOTS);
      } else if (p >= bias(0)) {
        lines.add(bias(at, p));
      } else {
        lines.add(weight(at, p));
      }
    }
    return lines;
  }

  private Line weight(LayerView at, int p) {
    var products = new Products();
    int channel = p / (in.dimension(0) * kernel * kernel);
    for (int i = 0; i < plane(); i++) {
      int result = channel * plane() + i;
      window(
          result,
          (input, weight) -> {
            if (weight == p) {
              products.add(
                  at.sumGradient(result),
                  at.in(input),
                  at.sumGradients()[result],
                  at.inputs()[input]);
            }
          });
    }
    return products.make(at.weightGradient(p), at.parameterGradient(p));
  }

  private Line bias(LayerView at, int p) {
    int first = (p - bias(0)) * plane();
    return Equation.of(
        at.weightGradient(p),
        at.parameterGradient(p),
        Term.sum(plane(), i -> at.sumGradient(first + i)),
        Term.sum(plane(), i -> Term.factor(at.sumGradients()[first + i])));
  }
}
