package weft.nn;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleLayerNorm;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatLayerNorm;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/**
 * The numbers of each position shifted and scaled to mean 0 and variance 1, then scaled and shifted
 * as is learned (Ba, Kiros and Hinton 2016). A position is a vector, or one step of a sequence.
 * Parameters: scales, then shifts.
 */
record LayerNorm(Shape in) implements Layer {

  @Override
  public String name() {
    return "layerNorm()";
  }

  /** Numbers of a position. */
  int width() {
    return in.width();
  }

  @Override
  public Shape out() {
    return in;
  }

  @Override
  public List<ParameterGroup> groups() {
    return List.of(
        new ParameterGroup("scales", width(), 1, false),
        new ParameterGroup("shifts", width(), 1, false));
  }

  @Override
  public String start() {
    return "scale 1, shift 0";
  }

  @Override
  public void initialize(double[] parameters, int offset, int index) {
    Arrays.fill(parameters, offset, offset + width(), 1);
  }

  @Override
  public Layer endingIn(Loss loss) {
    return Ending.plain(this, loss);
  }

  @Override
  public long forwardFlops() {
    return 8L * in.size();
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatLayerNorm(work, offset, in.positions(), width(), from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleLayerNorm(work, offset, in.positions(), width(), from, gradient);
  }
}
