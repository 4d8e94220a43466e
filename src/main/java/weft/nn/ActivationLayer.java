package weft.nn;

import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleActivationStage;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatActivationStage;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/**
 * An activation as a layer of its own: a = f(z), z being what feeds it. Softmax shares out among
 * the numbers of each position.
 *
 * @param fused whether the loss's gradient is already that of z
 */
record ActivationLayer(Shape in, Activation activation, boolean fused) implements Layer {
  @Override
  public String name() {
    return "activation(" + activation + ")";
  }

  @Override
  public Shape out() {
    return in;
  }

  @Override
  public Layer endingIn(Loss loss) {
    if (in.isImage()) {
      return Layer.super.endingIn(loss);
    }
    return new ActivationLayer(in, activation, loss.fusedWith(activation, in.width()));
  }

  @Override
  public LayerExplanation explanation() {
    return new ActivationExplanation(activation, in.width(), fused);
  }

  @Override
  public long forwardFlops() {
    return in.size();
  }

  @Override
  public long kept() {
    return (activation.function().needsSums() ? 2L : 1L) * out().size();
  }

  @Override
  public long backwardFlops() {
    return in.size();
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatActivationStage(
        work, in.positions(), in.width(), activation.function(), fused, from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleActivationStage(
        work, in.positions(), in.width(), activation.function(), fused, from, gradient);
  }
}
