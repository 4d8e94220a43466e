package weft.nn;

import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleFlatten;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatFlatten;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/** An image or a sequence as one vector: channel by channel and row by row, or step by step. */
record Flatten(Shape in) implements Layer {
  @Override
  public String name() {
    return "flatten()";
  }

  @Override
  public Shape out() {
    return Shape.vector(in.size());
  }

  @Override
  public LayerExplanation explanation() {
    return PassingExplanation.INSTANCE;
  }

  @Override
  public long forwardFlops() {
    return 0;
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatFlatten(work, in.size(), from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleFlatten(work, in.size(), from, gradient);
  }
}
