package weft.nn;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleSumForward;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatSumForward;
import weft.nn.compute.FloatWorkspace;

/** After layers of which each worker has a slice: their results are added up. */
record SumForward(Shape in) implements PartLayer {
  @Override
  public Shape out() {
    return in;
  }

  @Override
  public String name() {
    return "sum";
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatSumForward(work, in.size(), from, Objects.requireNonNull(gradient));
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleSumForward(work, in.size(), from, Objects.requireNonNull(gradient));
  }
}
