package weft.nn;

import org.jspecify.annotations.Nullable;

/**
 * Every input feeds every neuron: z = W·x + b, a = f(z). Parameters: W row by row ({@code
 * [outputs][inputs]}), then b.
 *
 * @param given explicit weights, or null when {@code initializer} draws them
 * @param biases explicit biases, or null for 0
 * @param fused whether the loss's gradient is already that of z
 */
@SuppressWarnings("ArrayRecordComponent") // package-private and never written to
record Dense(
    int inputs,
    int outputs,
    Activation activation,
    Initializer initializer,
    double @Nullable [] given,
    double @Nullable [] biases,
    boolean fused)
    implements Layer {

  static Dense of(int inputs, int outputs, Activation activation) {
    var initializer =
        activation.startsWithHe()
            ? Initializers.he(Initializers.DEFAULT_SEED)
            : Initializers.xavier(Initializers.DEFAULT_SEED);
    return new Dense(inputs, outputs, activation, initializer, null, null, false);
  }

  Dense weights(double[] values) {
    if (values.length != outputs * inputs) {
      throw new IllegalArgumentException(
          "dense(%d) after %d inputs has %d x %d = %d weights, one row per neuron, got %d"
              .formatted(outputs, inputs, outputs, inputs, outputs * inputs, values.length));
    }
    return new Dense(
        inputs, outputs, activation, initializer, finite("weight", values), biases, fused);
  }

  Dense biases(double[] values) {
    if (values.length != outputs) {
      throw new IllegalArgumentException(
          "dense(%d) has %d biases, one per neuron, got %d"
              .formatted(outputs, outputs, values.length));
    }
    return new Dense(
        inputs, outputs, activation, initializer, given, finite("bias", values), fused);
  }

  /** The same layer with another initialiser, if one is given. */
  Dense with(@Nullable Initializer other) {
    var chosen = other == null ? initializer : other;
    return new Dense(inputs, outputs, activation, chosen, given, biases, fused);
  }

  private static double[] finite(String what, double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("a " + what + " is a finite number, got " + value);
      }
    }
    return values.clone();
  }

  @Override
  public String name() {
    return "dense(%d, %s)".formatted(outputs, activation);
  }

  @Override
  public String start() {
    return given == null ? initializer.toString() : "given";
  }

  @Override
  public int parameters() {
    return outputs * inputs + outputs;
  }

  @Override
  public void initialize(double[] parameters, int offset, int index) {
    int weights = outputs * inputs;
    if (given != null) {
      System.arraycopy(given, 0, parameters, offset, weights);
    } else {
      initializer.draw(parameters, offset, weights, inputs, outputs, index);
    }
    if (biases != null) {
      System.arraycopy(biases, 0, parameters, offset + weights, outputs);
    }
  }

  @Override
  public int weight(int to, int from) {
    return to * inputs + from;
  }

  @Override
  public int bias(int to) {
    return outputs * inputs + to;
  }

  @Override
  public Layer endingIn(Loss loss) {
    boolean fuse = loss.fusedWith(activation, outputs);
    return new Dense(inputs, outputs, activation, initializer, given, biases, fuse);
  }

  @Override
  public LayerCost cost(int offset, Precision precision) {
    long products = (long) inputs * outputs;
    return new LayerCost(
        name(),
        offset,
        parameters(),
        2 * products,
        4 * products,
        (long) outputs * precision.bytes(),
        (long) parameters() * precision.bytes());
  }

  @Override
  public Stage stage(
      Tensor parameters, Tensor gradient, int offset, int rows, Precision precision) {
    return new DenseStage(this, parameters, gradient, offset, rows, precision);
  }
}
