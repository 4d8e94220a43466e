package weft.nn;

import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleLastStep;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatLastStep;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/** Keeps the last step of a sequence, which has seen all others. */
record LastStep(Shape in) implements Layer {
  @Override
  public Shape out() {
    return Shape.vector(in.width());
  }

  @Override
  public String name() {
    return "lastStep()";
  }

  @Override
  public long forwardFlops() {
    return 0;
  }

  @Override
  public LayerExplanation explanation() {
    return new LastStepExplanation(in.size() - in.width());
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatLastStep(work, in.positions(), in.width(), from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleLastStep(work, in.positions(), in.width(), from, gradient);
  }
}
