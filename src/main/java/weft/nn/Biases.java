package weft.nn;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleBiases;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatBiases;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/**
 * What is left of a dense layer once its product is there: biases and activation.
 *
 * @param fused whether the loss's gradient is already that of z
 */
record Biases(Shape in, Activation activation, boolean fused) implements PartLayer {
  @Override
  public Shape out() {
    return in;
  }

  @Override
  public String name() {
    return "biases(%s)".formatted(activation);
  }

  @Override
  public List<ParameterGroup> groups() {
    return List.of(ParameterGroup.biases(in.width()));
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatBiases(
        work,
        offset,
        in.positions(),
        in.width(),
        activation.function(),
        fused,
        from,
        Objects.requireNonNull(gradient));
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleBiases(
        work,
        offset,
        in.positions(),
        in.width(),
        activation.function(),
        fused,
        from,
        Objects.requireNonNull(gradient));
  }
}
