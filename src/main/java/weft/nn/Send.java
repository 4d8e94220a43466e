package weft.nn;

import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleSend;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatSend;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/** Ends a part of a network: its outputs are another worker's inputs. */
record Send(Shape in) implements PartLayer {
  @Override
  public Shape out() {
    return in;
  }

  @Override
  public String name() {
    return "send";
  }

  @Override
  public boolean isExchange() {
    return true;
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatSend(work, in.size(), from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleSend(work, in.size(), from, gradient);
  }
}
