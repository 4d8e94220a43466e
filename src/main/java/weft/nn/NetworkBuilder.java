package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weft.report.Digits;
import weft.units.Check;

/**
 * A network being described, from {@link Network#inputs}; {@link #loss} completes it. Each step
 * returns a new value.
 */
public final class NetworkBuilder {
  private static final int MOST_EXPERTS = 1 << 14;

  private static final Initializer DEFAULT = Initializers.xavier(Initializers.DEFAULT_SEED);

  private final LayerStack stack;
  private final @Nullable Initializer initializer;
  private final Precision precision;

  private NetworkBuilder(LayerStack stack, @Nullable Initializer initializer, Precision precision) {
    this.stack = stack;
    this.initializer = initializer;
    this.precision = precision;
  }

  private static NetworkBuilder on(Shape in) {
    return new NetworkBuilder(LayerStack.on(in), null, Precision.FLOAT32);
  }

  static NetworkBuilder inputs(int inputs) {
    if (inputs < 1) {
      throw new IllegalArgumentException(
          "a network has at least 1 input, got "
              + inputs
              + ": write for example Network.inputs(64)");
    }
    return on(Shape.vector(inputs));
  }

  static NetworkBuilder inputs(String first, String... others) {
    Check.noneNull("names", others, "write for example Network.inputs(\"area\", \"age\")");
    String[] names = Stream.concat(Stream.of(first), Stream.of(others)).toArray(String[]::new);
    var checked = NodeNames.checked(names, List.of(), "Network.inputs(\"area\", \"age\")");
    return on(Shape.vector(names.length).named(checked));
  }

  static NetworkBuilder tokens(int vocabulary, int length) {
    if (vocabulary < 2 || length < 1) {
      throw new IllegalArgumentException(
          "a network takes at least 1 token of at least 2 different ones, got tokens(%d, %d): write for example Network.tokens(96, 128)"
              .formatted(vocabulary, length));
    }
    if (length > LayerStack.MOST_NUMBERS) {
      throw new IllegalArgumentException(
          "a network takes at most %d tokens, got tokens(%d, %d): use shorter sequences"
              .formatted(LayerStack.MOST_NUMBERS, vocabulary, length));
    }
    return on(Shape.tokens(vocabulary, length));
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
    if (shape().isImage()) {
      throw new IllegalArgumentException(
          "dense(%d) takes vectors, but %s gives images of shape %s: write flatten() before dense(...)"
              .formatted(neurons, stack.before(), shape()));
    }
    if (shape().isTokens()) {
      throw new IllegalArgumentException(
          "dense(...) multiplies its inputs, but tokens are names: put embedding(...) before it");
    }
    return then(Dense.of(shape(), neurons, activation));
  }

  static NetworkBuilder images(int channels, int height, int width) {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "an image has at least 1 channel, 1 row and 1 column, got images(%d, %d, %d): write for example Network.images(1, 28, 28)"
              .formatted(channels, height, width));
    }
    if ((double) channels * height * width > LayerStack.MOST_NUMBERS) {
      throw new IllegalArgumentException(
          "an image has at most %d numbers, got images(%d, %d, %d): use smaller ones"
              .formatted(LayerStack.MOST_NUMBERS, channels, height, width));
    }
    return on(Shape.image(channels, height, width));
  }

  /**
   * Adds kernels that slide over an image, each giving one channel of the next: {@code z = W * x +
   * b}, {@code a = f(z)}, with {@code *} cross-correlation. They move by 1 and stay within the
   * image unless {@link #stride} and {@link #padding} follow. Of C channels with H x W numbers it
   * makes {@code channels} with H - kernel + 1 rows and W - kernel + 1 columns.
   *
   * @param channels how many kernels, at least 1
   * @param kernel rows and columns of each, at least 1
   * @param activation of each number; not softmax
   */
  public NetworkBuilder conv2d(int channels, int kernel, Activation activation) {
    if (channels < 1 || kernel < 1) {
      throw new IllegalArgumentException(
          "a convolution has at least 1 channel and a kernel of at least 1, got conv2d(%d, %d): write for example conv2d(6, 5, relu())"
              .formatted(channels, kernel));
    }
    Check.notNull("an activation", activation, "write for example relu()");
    requirePointwise("conv2d(%d, %d)".formatted(channels, kernel), activation);
    Shape image = stack.image("conv2d(%d, %d)".formatted(channels, kernel));
    if ((double) channels * image.size() > LayerStack.MOST_NUMBERS) {
      throw new IllegalArgumentException(
          "a layer has at most %d outputs, but conv2d(%d, %d) on images of shape %s has more: use fewer channels"
              .formatted(LayerStack.MOST_NUMBERS, channels, kernel, image));
    }
    return then(Conv2d.of(image, channels, kernel, activation));
  }

  /**
   * Puts rows and columns of zeros on each side of the images that the last layer, a {@link
   * #conv2d}, looks at; half the kernel, rounded down, keeps the size of the images.
   *
   * @param zeros at least 0 and less than the kernel
   */
  public NetworkBuilder padding(int zeros) {
    return with(stack.replaceLast(stack.lastWindowed("padding").padding(zeros)));
  }

  /**
   * By how many rows and columns the kernels or windows of the last layer move on.
   *
   * @param step at least 1
   */
  public NetworkBuilder stride(int step) {
    return with(stack.replaceLast(stack.lastWindowed("stride").stride(step)));
  }

  /**
   * Adds windows that keep the largest number of each {@code size x size} square of a channel; rows
   * and columns that no whole window covers are left out. Windows do not overlap unless {@link
   * #stride} follows.
   *
   * @param size at least 1
   */
  public NetworkBuilder maxPool(int size) {
    return then(Pool.of(stack.windowed("maxPool", size), Pool.Kind.MAX, size));
  }

  /** As {@link #maxPool}, but keeps the mean of the numbers. */
  public NetworkBuilder averagePool(int size) {
    return then(Pool.of(stack.windowed("averagePool", size), Pool.Kind.AVERAGE, size));
  }

  /** Makes one vector of an image, channel by channel and row by row, or of a sequence. */
  public NetworkBuilder flatten() {
    return then(new Flatten(shape()));
  }

  /**
   * Drops each number with a probability in training, and divides the others by the probability to
   * stay; outside training nothing happens. The draws are those of seed {@value
   * Initializers#DEFAULT_SEED}.
   *
   * @param share the probability to be dropped, at least 0 and below 1
   */
  public NetworkBuilder dropout(double share) {
    return dropout(share, Initializers.DEFAULT_SEED);
  }

  /**
   * As {@link #dropout(double)} with other draws.
   *
   * @param seed the same seed gives the same draws for a sample of a step, however many workers
   *     share the batch
   */
  public NetworkBuilder dropout(double share, long seed) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException(
          "dropout(share) drops a share of at least 0 and below 1, got "
              + share
              + ": try dropout(0.1)");
    }
    return then(new Dropout(stack.numbers("dropout"), share, seed, stack.layers().size()));
  }

  /**
   * Normalises each channel of an image, or each number of a vector, over the batch: {@code
   * scale·(x - mean) / √(variance + 1e-5) + shift}, scale and shift being learned. Outside training
   * it uses the running mean and variance, which move by a tenth towards each batch's.
   */
  public NetworkBuilder batchNorm() {
    if (!shape().isImage() && !shape().isVector()) {
      throw new IllegalArgumentException(
          "batchNorm() takes vectors or images, but %s gives shape %s: use layerNorm()"
              .formatted(stack.before(), shape()));
    }
    return then(new BatchNorm(shape()));
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
    return then(new Positions(stack.sequence("positions()"), DEFAULT));
  }

  /**
   * Adds a recurrent layer with tanh that gives its output at every step: {@code [steps, width]}
   * become {@code [steps, neurons]}.
   *
   * @param neurons at least 1
   */
  public NetworkBuilder recurrent(int neurons) {
    checkWidth("a recurrent layer", "neuron", neurons, "recurrent(64)");
    return then(new Recurrent(stack.sequence("recurrent(...)"), neurons, DEFAULT));
  }

  /**
   * Adds a layer of long short-term memory that gives its output at every step: {@code [steps,
   * width]} become {@code [steps, neurons]}. A gate and neuron has one bias, which starts at 0.
   *
   * @param neurons at least 1
   */
  public NetworkBuilder lstm(int neurons) {
    checkWidth("an LSTM layer", "neuron", neurons, "lstm(64)");
    return then(new Lstm(stack.sequence("lstm(...)"), neurons, DEFAULT));
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
    Shape shape = stack.sequence(name + "(...)");
    if (heads < 1 || shape.width() % heads != 0) {
      throw new IllegalArgumentException(
          "the heads of attention share out the %s of a step evenly, got %s(%d): give a divisor of %d"
              .formatted(Digits.counted(shape.width(), "number"), name, heads, shape.width()));
    }
    double steps = shape.dimension(0);
    if (heads * steps * steps > LayerStack.MOST_NUMBERS) {
      throw new IllegalArgumentException(
          "attention compares every step with every other, at most %d pairs over all heads, got %s(%d) on %d steps: use shorter sequences"
              .formatted(LayerStack.MOST_NUMBERS, name, heads, shape.dimension(0)));
    }
    return then(new Attention(shape, heads, causal, DEFAULT));
  }

  /**
   * Adds a mixture of experts. A router, R·x, scores all experts for a vector, or for each step of
   * a sequence; the {@code active} ones with the largest scores work on it, each two dense layers,
   * and what they make is summed, weighted by the softmax of their scores (Jiang et al., arXiv
   * 2401.04088, section 2.1): {@code residual(b -> b.layerNorm().experts(8, 2, 256, gelu()))}.
   * Nothing balances how many steps an expert gets, and none is turned away. Where one expert is
   * active its weight is 1, so that the router learns nothing.
   *
   * @param count experts, from 2 to 16384
   * @param active experts for each step, at least 1 and at most {@code count}
   * @param width neurons of an expert's first layer, at least 1; the second has as many as the
   *     input has numbers
   * @param activation of the first layer; not softmax
   */
  public NetworkBuilder experts(int count, int active, int width, Activation activation) {
    Check.notNull("an activation", activation, "write for example gelu()");
    requirePointwise("experts(...)", activation);
    if (stack.numbers("experts").isImage()) {
      throw new IllegalArgumentException(
          "experts(...) takes vectors or sequences, but %s gives images of shape %s: write flatten() before it"
              .formatted(stack.before(), shape()));
    }
    if (count < 2 || count > MOST_EXPERTS || active < 1 || active > count || width < 1) {
      throw new IllegalArgumentException(
          "a mixture has 2 to %d experts, of which 1 to all are active and have at least 1 neuron, got experts(%d, %d, %d): write for example experts(8, 2, 256, gelu())"
              .formatted(MOST_EXPERTS, count, active, width));
    }
    double numbers =
        (double) shape().size() * active + (double) shape().positions() * width * active;
    if (numbers > LayerStack.MOST_NUMBERS) {
      throw new IllegalArgumentException(
          "experts work on at most %d numbers of a sample, but experts(%d, %d, %d) after %s have more: use fewer neurons or shorter sequences"
              .formatted(LayerStack.MOST_NUMBERS, count, active, width, stack.before()));
    }
    return then(new Mixture(shape(), count, active, width, activation, activation.initializer()));
  }

  /**
   * Shifts and scales the numbers of a vector, or of each step of a sequence, to mean 0 and
   * variance 1, then by learned scales (from 1) and shifts (from 0).
   */
  public NetworkBuilder layerNorm() {
    if (stack.numbers("layerNorm").isImage()) {
      throw new IllegalArgumentException(
          "layerNorm() takes vectors or sequences, but %s gives images of shape %s: use batchNorm(), or write flatten() before it"
              .formatted(stack.before(), shape()));
    }
    return then(new LayerNorm(shape()));
  }

  /** Adds an activation as a layer of its own, for example after {@link #batchNorm}. */
  public NetworkBuilder activation(Activation activation) {
    Check.notNull("an activation", activation, "write for example activation(relu())");
    if (stack.numbers("activation").isImage()) {
      requirePointwise("activation(...) on an image", activation);
    }
    return then(new ActivationLayer(shape(), activation, false));
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
    NetworkBuilder start = with(LayerStack.on(shape()));
    NetworkBuilder built = Check.notNull("a residual's inside", inside.apply(start), remedy);
    if (built.stack.layers().isEmpty() || !built.stack.in().equals(shape())) {
      throw new IllegalArgumentException(
          "residual(...) needs at least one layer, added to the builder it is given: " + remedy);
    }
    if (built.initializer != initializer || built.precision != precision) {
      throw new IllegalArgumentException(
          "init(...) and precision(...) are those of the whole network: write them after"
              + " residual(...), not inside it");
    }
    if (!built.shape().equals(shape())) {
      throw new IllegalArgumentException(
          "residual(...) adds its input %s to what its layers give, which is %s: end it in a layer that gives %s"
              .formatted(shape(), built.shape(), shape()));
    }
    return then(new Residual(built.stack.layers()));
  }

  /** Keeps the last step of a sequence, to classify the sequence by: a vector. */
  public NetworkBuilder lastStep() {
    return then(new LastStep(stack.sequence("lastStep()")));
  }

  private Shape shape() {
    return stack.shape();
  }

  private NetworkBuilder then(Layer layer) {
    return with(stack.then(layer));
  }

  private NetworkBuilder with(LayerStack other) {
    return new NetworkBuilder(other, initializer, precision);
  }

  private static void requirePointwise(String step, Activation activation) {
    if (activation instanceof Softmax) {
      throw new IllegalArgumentException(
          "softmax() shares out among the numbers of a vector, so %s cannot have it: end the network in flatten().dense(10, softmax())"
              .formatted(step));
    }
  }

  private static void checkWidth(String what, String unit, int width, String example) {
    if (width < 1) {
      throw new IllegalArgumentException(
          "%s has at least 1 %s, got %d: write for example %s"
              .formatted(what, unit, width, example));
    }
  }

  /**
   * Gives the last layer's weights, neuron by neuron: for two neurons on two inputs W31, W32, W41,
   * W42; of a {@link #conv2d} kernel by kernel, channel by channel and row by row.
   */
  public NetworkBuilder weights(double... values) {
    Check.notNull("weights", values, "give them neuron by neuron");
    return with(stack.replaceLast(stack.lastGiven("weights").weights(values)));
  }

  /** Gives the last layer's biases, one per neuron or kernel; 0 otherwise. */
  public NetworkBuilder biases(double... values) {
    Check.notNull("biases", values, "give one per neuron");
    return with(stack.replaceLast(stack.lastGiven("biases").biases(values)));
  }

  /**
   * Names the neurons of the last layer, a dense one; explanations, tables and pictures then use
   * the names.
   *
   * @param names one for each neuron: {@code "price"}
   * @throws IllegalArgumentException if there are not as many as neurons, or a name is empty, given
   *     twice; a name that stands for something else is refused by {@link #loss}
   */
  public NetworkBuilder named(String... names) {
    if (!(stack.last("named") instanceof Dense last)) {
      throw new IllegalArgumentException(
          "named(...) names the neurons of a dense layer, but the last one is "
              + stack.last("named").name()
              + ": write it right after dense(...)");
    }
    List<Layer> layers = stack.layers();
    var taken = new ArrayList<>(stack.in().names());
    layers.subList(0, layers.size() - 1).forEach(layer -> taken.addAll(layer.out().names()));
    List<String> checked = NodeNames.checked(names, taken, "named(\"price\")");
    if (names.length != last.neurons()) {
      throw new IllegalArgumentException(
          "%s has %s, but named(...) got %s: give one for each"
              .formatted(
                  last.name(),
                  Digits.counted(last.neurons(), "neuron"),
                  Digits.counted(names.length, "name")));
    }
    return with(stack.replaceLast(last.named(checked)));
  }

  /** Draws the weights of every layer that is not given its own; see {@link Initializers}. */
  public NetworkBuilder init(Initializer with) {
    Check.notNull("an initialiser", with, "write for example he(1)");
    return new NetworkBuilder(stack, with, precision);
  }

  /** How batches are computed; {@link Precision#FLOAT32} otherwise. */
  public NetworkBuilder precision(Precision value) {
    Check.notNull("a precision", value, "write Precision.FLOAT32");
    return new NetworkBuilder(stack, initializer, value);
  }

  /**
   * Completes the network.
   *
   * @throws IllegalArgumentException if there is no layer, the loss does not fit the last one, or a
   *     node has the name of another part
   */
  public Network loss(Loss loss) {
    Check.notNull("a loss", loss, "write squaredError() or crossEntropy()");
    Layer last = stack.last("loss").endingIn(loss);
    var complete = new ArrayList<>(stack.replaceLast(last).layers());
    NodeNames.requireClear(new Names(complete), complete);
    Initializer chosen = initializer;
    if (chosen != null) {
      complete.replaceAll(layer -> layer.with(chosen));
    }
    return Network.of(complete, loss, precision);
  }

  /** As a cell writes it so far. */
  @Override
  public String toString() {
    return stack + ": complete it by loss(...)";
  }
}
