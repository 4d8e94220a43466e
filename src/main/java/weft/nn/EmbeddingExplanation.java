package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A row of a table looked up for each token. Parameters: the table ({@code [vocabulary][width]}).
 *
 * @param width numbers of a row
 */
record EmbeddingExplanation(int width) implements LayerExplanation {
  private int row(LayerView at, int step) {
    return (int) at.inputs()[step];
  }

  @Override
  public List<Line> output(LayerView at, int index) {
    int weight = row(at, index / width) * width + index % width;
    return List.of(Equation.of(at.out(index), at.outputs()[index], at.weight(weight)));
  }

  @Override
  public Line inputGradient(LayerView at, int index) {
    throw new IllegalStateException("a token cannot change a little, so it has no gradient");
  }

  /** Of the rows looked up alone: a row's gradient is the sum over the steps with its token. */
  @Override
  public List<Line> sharedGradients(LayerView at) {
    var lines = new ArrayList<Line>();
    int[] tokens =
        IntStream.range(0, at.inputs().length).map(step -> row(at, step)).distinct().toArray();
    for (int t : Explanation.shown(tokens.length)) {
      for (int column : Explanation.shown(t < 0 ? 0 : width)) {
        lines.add(column < 0 ? Remark.DOTS : gradient(at, tokens[t], column));
      }
      if (t < 0) {
        lines.add(Remark.DOTS);
      }
    }
    return lines;
  }

  private Line gradient(LayerView at, int token, int column) {
    int[] uses =
        IntStream.range(0, at.inputs().length)
            .filter(step -> row(at, step) == token)
            .map(step -> step * width + column)
            .toArray();
    int weight = token * width + column;
    return Equation.of(
        at.weightGradient(weight),
        at.parameterGradient(weight),
        Term.sum(uses.length, i -> Term.gradient(at.outName(uses[i]))),
        Term.sum(uses.length, i -> Term.factor(at.outputGradients()[uses[i]])));
  }
}
