package weft.nn;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleSumBackward;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatSumBackward;
import weft.nn.compute.FloatWorkspace;

/** Before layers of which each worker has a slice: the gradients of their inputs are added up. */
record SumBackward(Shape in) implements PartLayer {
  @Override
  public Shape out() {
    return in;
  }

  @Override
  public String name() {
    return "sum of gradients";
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatSumBackward(work, in.size(), from, Objects.requireNonNull(gradient));
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleSumBackward(work, in.size(), from, Objects.requireNonNull(gradient));
  }
}
