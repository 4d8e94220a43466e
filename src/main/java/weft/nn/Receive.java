package weft.nn;

import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleReceive;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatReceive;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/** Begins a part of a network: its inputs are another worker's outputs. */
record Receive(Shape in) implements PartLayer {
  @Override
  public Shape out() {
    return in;
  }

  @Override
  public String name() {
    return "receive";
  }

  @Override
  public boolean isExchange() {
    return true;
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatReceive(work, in.size(), from);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleReceive(work, in.size(), from);
  }
}
