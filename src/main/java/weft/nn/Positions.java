package weft.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoublePositions;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatPositions;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/**
 * Adds a learned row of numbers to each step, drawn from N(0, 0.02²) as in GPT-2. Parameters: the
 * rows, {@code [steps][width]}.
 */
record Positions(Shape in, Initializer initializer) implements Layer {
  @Override
  public Shape out() {
    return in;
  }

  @Override
  public String name() {
    return "positions()";
  }

  @Override
  public List<ParameterGroup> groups() {
    return List.of(new ParameterGroup("positions", in.positions(), in.width(), true));
  }

  @Override
  public String start() {
    return "normal(0, 0.02) of " + initializer;
  }

  @Override
  public void initialize(double[] parameters, int offset, int index) {
    initializer.normal(
        parameters, offset, in.size(), Embedding.DEVIATION, "weights of layer " + index);
  }

  @Override
  public Layer with(Initializer other) {
    return new Positions(in, other);
  }

  @Override
  public LayerExplanation explanation() {
    return AdditionExplanation.INSTANCE;
  }

  @Override
  public long forwardFlops() {
    return in.size();
  }

  @Override
  public long backwardFlops() {
    return in.size();
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatPositions(work, offset, in.size(), from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoublePositions(work, offset, in.size(), from, gradient);
  }
}
