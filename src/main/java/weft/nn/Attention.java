package weft.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleAttention;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatAttention;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/**
 * Multi-head self-attention. Parameters: the matrix that makes queries, keys and values of a step
 * ({@code [3·width][width]}) and its biases, then the matrix that mixes the heads' results ({@code
 * [width][width]}) and its biases.
 *
 * @param causal whether a step sees itself and earlier steps alone
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al., Attention Is All You Need, 2017,
 *     section 3.2</a>
 */
record Attention(Shape in, int heads, boolean causal, Initializer initializer) implements Layer {
  @Override
  public Shape out() {
    return in;
  }

  @Override
  public String name() {
    return (causal ? "causalAttention(" : "attention(") + heads + ")";
  }

  @Override
  public List<ParameterGroup> groups() {
    int width = in.width();
    return List.of(
        ParameterGroup.weights(3 * width, width),
        ParameterGroup.biases(3 * width),
        new ParameterGroup("mixingWeights", width, width, true),
        new ParameterGroup("mixingBiases", width, 1, false));
  }

  @Override
  public void initialize(double[] parameters, int offset, int index) {
    int width = in.width();
    initializer.draw(parameters, offset, 3 * width * width, width, width, index);
    int second = offset + 3 * width * (width + 1);
    String stream = "mixing weights of layer " + index;
    initializer.draw(parameters, second, width * width, width, width, stream);
  }

  @Override
  public Layer with(Initializer other) {
    return new Attention(in, heads, causal, other);
  }

  @Override
  public LayerExplanation explanation() {
    return new AttentionExplanation(in.positions(), in.width(), heads, causal);
  }

  /** The four matrices, then queries by keys and weights by values; causal leaves out a half. */
  @Override
  public long forwardFlops() {
    return 8L * in.positions() * in.width() * in.width() + 4 * pairs() * in.width();
  }

  /** Of a step that looks and one it sees. */
  private long pairs() {
    long steps = in.positions();
    return causal ? steps * (steps + 1) / 2 : steps * steps;
  }

  /** Queries, keys, values, each head's weights, what the heads make of them, and the outputs. */
  @Override
  public long kept() {
    return heads * pairs() + 5L * out().size();
  }

  @Override
  public boolean readsOutputs() {
    return false;
  }

  @Override
  public String start() {
    return initializer.toString();
  }

  @Override
  public long laterFlops() {
    return 8L * in.positions() * in.width() * in.width();
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatAttention(
        work, offset, in.positions(), in.width(), heads, causal, from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleAttention(
        work, offset, in.positions(), in.width(), heads, causal, from, gradient);
  }
}
