package weft.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleEmbedding;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatEmbedding;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/**
 * Each token's own row of {@code width} numbers, drawn from N(0, 0.02²) as in GPT-2. Parameters:
 * the rows, {@code [vocabulary][width]}.
 *
 * @see <a href="https://github.com/openai/gpt-2">Radford et al., Language Models are Unsupervised
 *     Multitask Learners, 2019</a>
 */
record Embedding(Shape in, int width, Initializer initializer) implements Layer {
  /** GPT-2's. */
  static final double DEVIATION = 0.02;

  @Override
  public Shape out() {
    return Shape.sequence(in.dimension(0), width);
  }

  @Override
  public String name() {
    return "embedding(" + width + ")";
  }

  @Override
  public List<ParameterGroup> groups() {
    return List.of(ParameterGroup.weights(in.vocabulary(), width));
  }

  @Override
  public String start() {
    return "normal(0, 0.02) of " + initializer;
  }

  @Override
  public void initialize(double[] parameters, int offset, int index) {
    initializer.normal(
        parameters, offset, in.vocabulary() * width, DEVIATION, "weights of layer " + index);
  }

  @Override
  public Layer with(Initializer other) {
    return new Embedding(in, width, other);
  }

  @Override
  public LayerExplanation explanation() {
    return new EmbeddingExplanation(width);
  }

  /** A table is looked up, nothing is multiplied. */
  @Override
  public long forwardFlops() {
    return 0;
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatEmbedding(work, offset, in.vocabulary(), in.dimension(0), width, from);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleEmbedding(work, offset, in.vocabulary(), in.dimension(0), width, from);
  }
}
