package weft.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleHeads;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatHeads;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/**
 * Some heads of an attention layer, before they are mixed.
 *
 * @param width numbers of a step of these heads together
 */
record Heads(Shape in, int width, int heads, boolean causal) implements PartLayer {
  @Override
  public Shape out() {
    return in.withWidth(width);
  }

  @Override
  public String name() {
    return (causal ? "causalHeads(" : "heads(") + heads + ")";
  }

  @Override
  public List<ParameterGroup> groups() {
    return List.of(ParameterGroup.weights(3 * width, in.width()), ParameterGroup.biases(3 * width));
  }

  @Override
  public long forwardFlops() {
    long steps = in.positions();
    long pairs = causal ? steps * (steps + 1) / 2 : steps * steps;
    return laterFlops() + 4 * pairs * width;
  }

  @Override
  public long laterFlops() {
    return 6L * in.size() * width;
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatHeads(
        work, offset, in.positions(), in.width(), width, heads, causal, from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleHeads(
        work, offset, in.positions(), in.width(), width, heads, causal, from, gradient);
  }
}
