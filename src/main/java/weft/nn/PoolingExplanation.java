package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The largest number under each window, or the mean of them.
 *
 * @param in the image that comes in
 * @param out the image that leaves
 * @param size rows and columns of a window
 * @param largest whether the largest number is taken, and not the mean
 */
record PoolingExplanation(Shape in, Shape out, int size, int stride, boolean largest)
    implements LayerExplanation {
  /** The inputs under a result's window, row by row. */
  private List<Integer> window(int index) {
    int plane = out.dimension(1) * out.dimension(2);
    int top = index % plane / out.dimension(2) * stride;
    int left = index % out.dimension(2) * stride;
    var window = new ArrayList<Integer>();
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        int y = index / plane * in.dimension(1) + top + row;
        window.add(y * in.dimension(2) + left + column);
      }
    }
    return window;
  }

  @Override
  public List<Line> output(LayerView at, int index) {
    List<Integer> window = window(index);
    Term symbols = combined(window.size(), i -> at.in(window.get(i)));
    Term numbers = combined(window.size(), i -> number(at.inputs()[window.get(i)]));
    return List.of(Equation.of(at.out(index), at.outputs()[index], symbols, numbers));
  }

  private Term number(double value) {
    return largest ? Term.of(value) : Term.factor(value);
  }

  private Term combined(int count, IntFunction<Term> term) {
    return largest ? Term.largest(count, term) : Term.sum(count, term).group().over(Term.of(count));
  }

  /** A window hands its gradient to its largest number, the first of equals, or to all alike. */
  @Override
  public Line inputGradient(LayerView at, int index) {
    var symbols = new ArrayList<Term>();
    var numbers = new ArrayList<Term>();
    for (int result = 0; result < out.size(); result++) {
      List<Integer> window = window(result);
      if (largest ? index == winner(at, window) : window.contains(index)) {
        double gradient = at.outputGradients()[result];
        symbols.add(share(Term.gradient(at.outName(result)), window.size()));
        numbers.add(share(Term.factor(gradient), window.size()));
      }
    }
    double value = at.inputGradients()[index];
    if (largest && symbols.size() <= 1) {
      return Equation.of(at.inGradient(index), value, symbols.toArray(Term[]::new));
    }
    return symbols.isEmpty()
        ? Equation.of(at.inGradient(index), value)
        : Equation.of(
            at.inGradient(index),
            value,
            Term.sum(symbols.size(), symbols::get),
            Term.sum(numbers.size(), numbers::get));
  }

  private Term share(Term gradient, int count) {
    return largest ? gradient : gradient.over(Term.of(count));
  }

  private static int winner(LayerView at, List<Integer> window) {
    int best = window.get(0);
    for (int each : window) {
      best = at.inputs()[each] > at.inputs()[best] ? each : best;
    }
    return best;
  }
}
