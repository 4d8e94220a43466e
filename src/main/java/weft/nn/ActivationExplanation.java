package weft.nn;

import java.util.Arrays;
import java.util.List;

/**
 * An activation as a layer of its own: a = f(x), x being what feeds it.
 *
 * @param width numbers of a position, among which softmax shares out
 * @param fused whether the loss's gradient is already that of x
 */
record ActivationExplanation(Activation activation, int width, boolean fused)
    implements LayerExplanation {
  @Override
  public List<Line> output(LayerView at, int index) {
    return List.of(
        activation.explainForward(
            at.outName(index),
            at.inName(index),
            row(at.inputs(), index),
            row(at.outputs(), index),
            index % width));
  }

  private double[] row(double[] values, int index) {
    int from = index / width * width;
    return Arrays.copyOfRange(values, from, from + width);
  }

  @Override
  public Line inputGradient(LayerView at, int index) {
    if (fused) {
      return Equation.of(at.inGradient(index), at.inputGradients()[index], at.sumGradient(index));
    }
    return activation.explainBackward(
        at.outName(index),
        at.inName(index),
        row(at.inputs(), index),
        row(at.outputs(), index),
        row(at.outputGradients(), index),
        index % width);
  }
}
