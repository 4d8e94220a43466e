package weft.nn;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleSliceSum;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.Exchange;
import weft.nn.compute.FloatSliceSum;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/**
 * Beside layers of which each worker has a slice.
 *
 * @param what is added up: activations behind them, or gradients of inputs before them
 */
record SliceSum(Shape in, Exchange what) implements PartLayer {
  @Override
  public Shape out() {
    return in;
  }

  @Override
  public String name() {
    return what == Exchange.SUM_ACTIVATIONS ? "sum" : "sum of gradients";
  }

  @Override
  public boolean isExchange() {
    return true;
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatSliceSum(work, what, in.size(), from, Objects.requireNonNull(gradient));
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleSliceSum(work, what, in.size(), from, Objects.requireNonNull(gradient));
  }
}
