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
 * Shifts and scales the numbers of a vector, or of each step of a sequence, to mean 0 and variance
 * 1: y = (x - mean) / √(variance + 10⁻⁵)·scale + shift. Parameters: a scale a number, starting at
 * 1, then a shift a number, starting at 0.
 *
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros and Hinton, Layer Normalization, 2016,
 *     section 3</a>
 */
record LayerNorm(Shape in) implements Layer {
  @Override
  public Shape out() {
    return in;
  }

  @Override
  public String name() {
    return "layerNorm()";
  }

  @Override
  public List<ParameterGroup> groups() {
    return List.of(
        new ParameterGroup("scales", in.width(), 1, false),
        new ParameterGroup("shifts", in.width(), 1, false));
  }

  @Override
  public String start() {
    return "1 and 0";
  }

  @Override
  public void initialize(double[] parameters, int offset, int index) {
    Arrays.fill(parameters, offset, offset + in.width(), 1);
  }

  @Override
  public LayerExplanation explanation() {
    return new NormalizationExplanation(in.width(), 1, false, 1e-5);
  }

  /** Mean, variance, and two numbers to subtract or add and two to multiply by. */
  @Override
  public long forwardFlops() {
    return 8L * in.size();
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatLayerNorm(work, offset, in.positions(), in.width(), from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleLayerNorm(work, offset, in.positions(), in.width(), from, gradient);
  }
}
