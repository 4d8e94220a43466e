package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weft.units.Check;

/**
 * A network being described, from {@link Network#inputs}; {@link #loss} completes it. Each step
 * returns a new value.
 */
public final class NetworkBuilder {
  /** 4 GiB of them in double precision. */
  private static final int MOST_PARAMETERS = 1 << 29;

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

  static NetworkBuilder inputs(String first, String... others) {
    Check.noneNull("names", others, "write for example Network.inputs(\"area\", \"age\")");
    String[] names = Stream.concat(Stream.of(first), Stream.of(others)).toArray(String[]::new);
    var checked = NodeNames.checked(names, List.of(), "Network.inputs(\"area\", \"age\")");
    Shape in = Shape.vector(names.length).named(checked);
    return new NetworkBuilder(in, List.of(), null, Precision.FLOAT32);
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
    return then(Dense.of(shape(), neurons, activation));
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

  /**
   * Names the neurons of the last layer, a dense one; explanations, tables and pictures then use
   * the names.
   *
   * @param names one for each neuron: {@code "price"}
   * @throws IllegalArgumentException if there are not as many as neurons, or a name is empty, given
   *     twice, or stands for something else
   */
  public NetworkBuilder named(String... names) {
    if (!(last("named") instanceof Dense last)) {
      throw new IllegalArgumentException(
          "named(...) names the neurons of a dense layer, but the last one is "
              + last("named").name()
              + ": write it right after dense(...)");
    }
    var taken = new ArrayList<>(in.names());
    layers.subList(0, layers.size() - 1).forEach(layer -> taken.addAll(layer.out().names()));
    List<String> checked = NodeNames.checked(names, taken, "named(\"price\")");
    if (names.length != last.neurons()) {
      throw new IllegalArgumentException(
          "%s has %d neurons, but named(...) got %d names: give one for each"
              .formatted(last.name(), last.neurons(), names.length));
    }
    return replaceLast(last.named(checked));
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
    var text = new StringBuilder("inputs(" + in.size() + ")");
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
