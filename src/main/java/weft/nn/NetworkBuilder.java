package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import weft.units.Check;

/**
 * A network being described, from {@link Network#inputs}; {@link #loss} completes it. Each step
 * returns a new value.
 */
public final class NetworkBuilder {
  /** 4 GiB of them in double precision. */
  private static final int MOST_PARAMETERS = 1 << 29;

  private static final Initializer DEFAULT = Initializers.xavier(Initializers.DEFAULT_SEED);

  private final Shape in;
  private final List<Layer> layers;
  private final @Nullable Initializer initializer;
  private final Precision precision;

  private NetworkBuilder(
      Shape in, List<Layer> layers, @Nullable Initializer initializer, Precision precision) {
    this.in = in;
    this.layers = List.copyOf(layers);
    this.initializer = initializer;
    this.precision = precision;
  }

  static NetworkBuilder inputs(int inputs) {
    if (inputs < 1) {
      throw new IllegalArgumentException(
          "a network has at least 1 input, got "
              + inputs
              + ": write for example Network.inputs(64)");
    }
    return new NetworkBuilder(Shape.vector(inputs), List.of(), null, Precision.FLOAT32);
  }

  static NetworkBuilder tokens(int vocabulary, int length) {
    if (vocabulary < 2 || length < 1) {
      throw new IllegalArgumentException(
          "a network takes at least 1 token of at least 2 different ones, got tokens(%d, %d): write for example Network.tokens(96, 128)"
              .formatted(vocabulary, length));
    }
    return new NetworkBuilder(Shape.tokens(vocabulary, length), List.of(), null, Precision.FLOAT32);
  }

  /**
   * Adds a layer in which every input feeds every neuron: {@code z = W·x + b}, {@code a = f(z)}.
   *
   * @param neurons at least 1
   */
  public NetworkBuilder dense(int neurons, Activation activation) {
    if (neurons < 1) {
      throw new IllegalArgumentException(
          "a dense layer has at least 1 neuron, got "
              + neurons
              + ": write for example dense(16, relu())");
    }
    Check.notNull("an activation", activation, "write for example relu() or softmax()");
    if (shape().isTokens()) {
      throw new IllegalArgumentException(
          "dense(...) multiplies its inputs, but tokens are names: put embedding(...) before it");
    }
    return then(Dense.of(shape(), neurons, activation));
  }

  /**
   * Adds a layer that gives each token a learned row of numbers, drawn from N(0, 0.02²) as in
   * GPT-2: {@code [steps]} tokens become {@code [steps, width]}.
   *
   * @param width numbers of a row, at least 1
   */
  public NetworkBuilder embedding(int width) {
    if (!shape().isTokens()) {
      throw new IllegalArgumentException(
          "embedding(...) takes tokens, but it is given %s: begin with Network.tokens(vocabulary, length)"
              .formatted(shape()));
    }
    checkWidth("an embedding", "number a token", width, "embedding(128)");
    return then(new Embedding(shape(), width, DEFAULT));
  }

  /**
   * Adds a learned row of numbers to each step of a sequence, drawn from N(0, 0.02²) as in GPT-2,
   * so that later layers can tell the steps apart.
   */
  public NetworkBuilder positions() {
    return then(new Positions(sequence("positions()"), DEFAULT));
  }

  /**
   * Adds a recurrent layer with tanh that gives its output at every step: {@code [steps, width]}
   * become {@code [steps, neurons]}.
   *
   * @param neurons at least 1
   */
  public NetworkBuilder recurrent(int neurons) {
    checkWidth("a recurrent layer", "neuron", neurons, "recurrent(64)");
    return then(new Recurrent(sequence("recurrent(...)"), neurons, DEFAULT));
  }

  /**
   * Adds a layer of long short-term memory that gives its output at every step: {@code [steps,
   * width]} become {@code [steps, neurons]}. A gate and neuron has one bias, which starts at 0.
   *
   * @param neurons at least 1
   */
  public NetworkBuilder lstm(int neurons) {
    checkWidth("an LSTM layer", "neuron", neurons, "lstm(64)");
    return then(new Lstm(sequence("lstm(...)"), neurons, DEFAULT));
  }

  /**
   * Adds multi-head self-attention, in which every step sees every other: {@code [steps, width]}
   * stay so.
   *
   * @param heads at least 1, a divisor of the width
   */
  public NetworkBuilder attention(int heads) {
    return attention("attention", heads, false);
  }

  /**
   * Likewise, but a step sees itself and earlier steps alone, as a network that continues a text
   * must.
   *
   * @param heads at least 1, a divisor of the width
   */
  public NetworkBuilder causalAttention(int heads) {
    return attention("causalAttention", heads, true);
  }

  private NetworkBuilder attention(String name, int heads, boolean causal) {
    Shape shape = sequence(name + "(...)");
    if (heads < 1 || shape.width() % heads != 0) {
      throw new IllegalArgumentException(
          "the heads of attention share out the %d numbers of a step evenly, got %s(%d): give a divisor of %d"
              .formatted(shape.width(), name, heads, shape.width()));
    }
    return then(new Attention(shape, heads, causal, DEFAULT));
  }

  /**
   * Shifts and scales the numbers of a vector, or of each step of a sequence, to mean 0 and
   * variance 1, then by learned scales (from 1) and shifts (from 0).
   */
  public NetworkBuilder layerNorm() {
    if (!shape().isVector() && !shape().isSequence()) {
      throw new IllegalArgumentException(
          "layerNorm() takes a vector or a sequence, but it is given %s: put it after dense(...) or embedding(...)"
              .formatted(shape()));
    }
    return then(new LayerNorm(shape()));
  }

  /**
   * Adds what some layers make of the input to the input: {@code residual(b ->
   * b.layerNorm().causalAttention(4))}.
   *
   * @param inside adds layers to the builder it is given; the last must give the shape that the
   *     first takes
   */
  public NetworkBuilder residual(UnaryOperator<NetworkBuilder> inside) {
    String remedy = "write for example residual(b -> b.dense(128, relu()))";
    Check.notNull("a residual's inside", inside, remedy);
    var start = new NetworkBuilder(shape(), List.of(), initializer, precision);
    NetworkBuilder built = Check.notNull("a residual's inside", inside.apply(start), remedy);
    if (built.layers.isEmpty() || !built.in.equals(shape())) {
      throw new IllegalArgumentException(
          "residual(...) needs at least one layer, added to the builder it is given: " + remedy);
    }
    if (!built.shape().equals(shape())) {
      throw new IllegalArgumentException(
          "residual(...) adds its input %s to what its layers give, which is %s: end it in a layer that gives %s"
              .formatted(shape(), built.shape(), shape()));
    }
    return then(new Residual(built.layers));
  }

  /** Keeps the last step of a sequence, to classify the sequence by: a vector. */
  public NetworkBuilder lastStep() {
    return then(new LastStep(sequence("lastStep()")));
  }

  private Shape sequence(String step) {
    if (!shape().isSequence()) {
      throw new IllegalArgumentException(
          "%s takes a sequence, but it is given %s: put it after Network.tokens(...).embedding(...)"
              .formatted(step, shape()));
    }
    return shape();
  }

  private static void checkWidth(String what, String unit, int width, String example) {
    if (width < 1) {
      throw new IllegalArgumentException(
          "%s has at least 1 %s, got %d: write for example %s"
              .formatted(what, unit, width, example));
    }
  }

  /** How a sample's numbers leave the last layer so far. */
  private Shape shape() {
    return layers.isEmpty() ? in : layers.get(layers.size() - 1).out();
  }

  private NetworkBuilder then(Layer layer) {
    long parameters = layer.groups().stream().mapToLong(ParameterGroup::size).sum();
    for (Layer each : layers) {
      parameters += each.parameters();
    }
    if (parameters > MOST_PARAMETERS) {
      throw new IllegalArgumentException(
          "a network has at most %d parameters, but with %s after %s inputs it has %d: use fewer neurons"
              .formatted(MOST_PARAMETERS, layer.name(), layer.in().size(), parameters));
    }
    var more = new ArrayList<>(layers);
    more.add(layer);
    return new NetworkBuilder(in, more, initializer, precision);
  }

  /**
   * Gives the last layer's weights, neuron by neuron: for two neurons on two inputs W31, W32, W41,
   * W42.
   */
  public NetworkBuilder weights(double... values) {
    Check.notNull("weights", values, "give them neuron by neuron");
    return replaceLast(lastDense("weights").weights(values));
  }

  /** Gives the last layer's biases, one per neuron; 0 otherwise. */
  public NetworkBuilder biases(double... values) {
    Check.notNull("biases", values, "give one per neuron");
    return replaceLast(lastDense("biases").biases(values));
  }

  /** Draws the weights of every layer that is not given its own; see {@link Initializers}. */
  public NetworkBuilder init(Initializer with) {
    Check.notNull("an initialiser", with, "write for example he(1)");
    return new NetworkBuilder(in, layers, with, precision);
  }

  /** How batches are computed; {@link Precision#FLOAT32} otherwise. */
  public NetworkBuilder precision(Precision value) {
    Check.notNull("a precision", value, "write Precision.FLOAT32");
    return new NetworkBuilder(in, layers, initializer, value);
  }

  /**
   * Completes the network.
   *
   * @throws IllegalArgumentException if there is no layer, or the loss does not fit the last one
   */
  public Network loss(Loss loss) {
    Check.notNull("a loss", loss, "write squaredError() or crossEntropy()");
    Layer last = last("loss").endingIn(loss);
    var complete = new ArrayList<>(layers.subList(0, layers.size() - 1));
    complete.add(last);
    Initializer chosen = initializer;
    if (chosen != null) {
      complete.replaceAll(layer -> layer.with(chosen));
    }
    return Network.of(complete, loss, precision);
  }

  /** As a cell writes it so far. */
  @Override
  public String toString() {
    var text = new StringBuilder(in.beginning());
    layers.forEach(layer -> text.append('.').append(layer.name()));
    return text + ": complete it by loss(...)";
  }

  private Layer last(String step) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException(
          step + "(...) needs a layer before it, as Network.inputs(2).dense(2, relu())");
    }
    return layers.get(layers.size() - 1);
  }

  private Dense lastDense(String step) {
    if (last(step) instanceof Dense dense) {
      return dense;
    }
    throw new IllegalArgumentException(
        step + "(...) are given to a dense layer, but the last one is " + last(step).name());
  }

  private NetworkBuilder replaceLast(Layer layer) {
    var replaced = new ArrayList<>(layers);
    replaced.set(layers.size() - 1, layer);
    return new NetworkBuilder(in, replaced, initializer, precision);
  }
}
