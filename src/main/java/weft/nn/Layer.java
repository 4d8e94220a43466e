package weft.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/** What a layer is: an immutable description. Its parameters live in the network's flat array. */
interface Layer {
  /** As a cell writes it: {@code dense(128, relu())}. */
  String name();

  /** How a sample's numbers arrive. */
  Shape in();

  /** How they leave. */
  Shape out();

  /** The parameters, one group after the other, in the order of the flat array; none as a rule. */
  default List<ParameterGroup> groups() {
    return List.of();
  }

  /** How many parameters there are. */
  default int parameters() {
    return groups().stream().mapToInt(ParameterGroup::count).sum();
  }

  /** How many numbers it remembers of earlier batches that are not learned. */
  default int statistics() {
    return 0;
  }

  /** How many samples a training pass needs at least. */
  default int fewestRows() {
    return 1;
  }

  /** Writes the starting values of {@link #statistics()}. */
  default void initializeStatistics(double[] statistics, int offset) {}

  /** Where the weights come from: {@code he(1)}, or {@code given}; empty without parameters. */
  default String start() {
    return "";
  }

  /** Writes the starting values of the parameters; {@code index} is the layer's, from 0. */
  default void initialize(double[] parameters, int offset, int index) {}

  /** The same layer, its weights drawn by another initialiser unless they were given. */
  default Layer with(Initializer initializer) {
    return this;
  }

  /**
   * The same layer as the last one of a network with this loss; as a rule it has no activation of
   * its own.
   *
   * @throws IllegalArgumentException if it gives an image, or the loss needs an activation
   */
  default Layer endingIn(Loss loss) {
    if (out().isImage()) {
      throw new IllegalArgumentException(
          "a loss compares vectors, but %s gives images of shape %s: add flatten().dense(10, softmax())"
              .formatted(name(), out()));
    }
    loss.fusedWith(Activations.identity(), out().width());
    return this;
  }

  /** What the layer writes on paper. */
  LayerExplanation explanation();

  /** Multiplications and additions of one sample's forward pass. */
  long forwardFlops();

  /** Multiplications and additions of one sample's backward pass. */
  default long backwardFlops() {
    return 2 * forwardFlops();
  }

  /** Of these, what gradients of weights take that can be left for later. */
  default long laterFlops() {
    return 0;
  }

  /** Whether it moves numbers between workers and computes nothing. */
  default boolean isExchange() {
    return false;
  }

  /**
   * How many numbers of one sample the forward pass leaves for the backward pass: the outputs, and
   * what lies between them and the inputs. A mean or a deviation of a whole row is left out.
   */
  default long kept() {
    return out().size();
  }

  /** Whether the backward pass reads the outputs: that of a weighted sum does not. */
  default boolean readsOutputs() {
    return true;
  }

  /**
   * The layer at work in single precision.
   *
   * @param offset where its parameters begin
   * @param statistics where its statistics begin
   * @param in what feeds it
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] in, float @Nullable [] inGradient);

  /** The layer at work in double precision; arguments as in {@link #floatStage}. */
  DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] in,
      double @Nullable [] inGradient);
}
