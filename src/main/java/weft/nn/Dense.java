package weft.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.ActivationFunction;
import weft.nn.compute.DoubleDense;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatDense;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;
import weft.report.Digits;

/**
 * Every input feeds every neuron, at each position of a sequence: z = W·x + b, a = f(z).
 * Parameters: W row by row ({@code [outputs][inputs]}), then b.
 *
 * @param given explicit weights, or null when {@code initializer} draws them
 * @param biases explicit biases, or null for 0
 * @param fused whether the loss's gradient is already that of z
 * @param names what the reader calls the neurons; empty without names
 */
@SuppressWarnings("ArrayRecordComponent") // package-private and never written to
record Dense(
    Shape in,
    int neurons,
    Activation activation,
    Initializer initializer,
    double @Nullable [] given,
    double @Nullable [] biases,
    boolean fused,
    List<String> names)
    implements Layer, GivenWeights {

  static Dense of(Shape in, int neurons, Activation activation) {
    return new Dense(
        in, neurons, activation, activation.initializer(), null, null, false, List.of());
  }

  @Override
  public Dense weights(double[] values) {
    if (values.length != neurons * inputs()) {
      throw new IllegalArgumentException(
          "dense(%d) after %s has %d x %d = %s, one row per neuron, got %d: give that many"
              .formatted(
                  neurons,
                  Digits.counted(inputs(), "input"),
                  neurons,
                  inputs(),
                  Digits.counted((long) neurons * inputs(), "weight"),
                  values.length));
    }
    double[] finite = GivenWeights.finite("weight", values);
    return new Dense(in, neurons, activation, initializer, finite, biases, fused, names);
  }

  @Override
  public Dense biases(double[] values) {
    if (values.length != neurons) {
      throw new IllegalArgumentException(
          "dense(%d) has %d biases, one per neuron, got %d: give that many"
              .formatted(neurons, neurons, values.length));
    }
    return new Dense(
        in,
        neurons,
        activation,
        initializer,
        given,
        GivenWeights.finite("bias", values),
        fused,
        names);
  }

  Dense named(List<String> given) {
    return new Dense(in, neurons, activation, initializer, this.given, biases, fused, given);
  }

  @Override
  public Dense with(Initializer other) {
    return new Dense(in, neurons, activation, other, given, biases, fused, names);
  }

  /** The same neurons for inputs of another arrangement, as wide. */
  Dense at(Shape other) {
    return new Dense(other, neurons, activation, initializer, given, biases, fused, names);
  }

  /** Inputs of each neuron. */
  int inputs() {
    return in.width();
  }

  @Override
  public Shape out() {
    Shape out = in.withWidth(neurons);
    return names.isEmpty() ? out : out.named(names);
  }

  @Override
  public String name() {
    return "dense(%d, %s)".formatted(neurons, activation);
  }

  @Override
  public String start() {
    return given == null ? initializer.toString() : "given";
  }

  @Override
  public List<ParameterGroup> groups() {
    return List.of(ParameterGroup.weights(neurons, inputs()), ParameterGroup.biases(neurons));
  }

  @Override
  public void initialize(double[] parameters, int offset, int index) {
    int weights = neurons * inputs();
    if (given != null) {
      System.arraycopy(given, 0, parameters, offset, weights);
    } else {
      initializer.draw(parameters, offset, weights, inputs(), neurons, index);
    }
    if (biases != null) {
      System.arraycopy(biases, 0, parameters, offset + weights, neurons);
    }
  }

  /** Index, from the layer's first parameter, of the weight of input {@code from}. */
  int weight(int to, int from) {
    return to * inputs() + from;
  }

  /** Index, from the layer's first parameter, of the bias of neuron {@code to}. */
  int bias(int to) {
    return neurons * inputs() + to;
  }

  @Override
  public Layer endingIn(Loss loss) {
    boolean fuse = loss.fusedWith(activation, neurons);
    return new Dense(in, neurons, activation, initializer, given, biases, fuse, names);
  }

  @Override
  public LayerExplanation explanation() {
    return new DenseExplanation(this);
  }

  @Override
  public long forwardFlops() {
    return 2L * inputs() * neurons * in.positions();
  }

  @Override
  public long kept() {
    return (activation.function().needsSums() ? 2L : 1L) * out().size();
  }

  @Override
  public boolean readsOutputs() {
    return activation.function().kind() != ActivationFunction.Kind.IDENTITY;
  }

  @Override
  public long laterFlops() {
    return forwardFlops();
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatDense(
        work,
        offset,
        in.positions(),
        inputs(),
        neurons,
        activation.function(),
        fused,
        from,
        gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleDense(
        work,
        offset,
        in.positions(),
        inputs(),
        neurons,
        activation.function(),
        fused,
        from,
        gradient);
  }
}
