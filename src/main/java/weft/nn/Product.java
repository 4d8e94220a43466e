package weft.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleProduct;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatProduct;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/** A slice of the columns of a dense layer's matrix: its part of the sums, without biases. */
record Product(Shape in, int neurons) implements PartLayer {
  @Override
  public Shape out() {
    return in.withWidth(neurons);
  }

  @Override
  public String name() {
    return "product(%d)".formatted(neurons);
  }

  @Override
  public List<ParameterGroup> groups() {
    return List.of(ParameterGroup.weights(neurons, in.width()));
  }

  @Override
  public long forwardFlops() {
    return 2L * in.size() * neurons;
  }

  @Override
  public long laterFlops() {
    return forwardFlops();
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatProduct(work, offset, in.positions(), in.width(), neurons, from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleProduct(work, offset, in.positions(), in.width(), neurons, from, gradient);
  }
}
