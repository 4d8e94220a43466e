package weft.nn;

import java.util.List;

/**
 * A layer that goes through a sequence step by step and hears its own output of the step before:
 * gates of weighted sums of both. Parameters: the gates' weights of the input, {@code
 * [gates·neurons][inputs]}, and of the output before, {@code [gates·neurons][neurons]}, then one
 * bias a gate and neuron.
 */
interface Recurring extends Layer {
  /** Weighted sums of a neuron. */
  int gates();

  int neurons();

  Initializer initializer();

  @Override
  default Shape out() {
    return in().withWidth(neurons());
  }

  @Override
  default List<ParameterGroup> groups() {
    int sums = gates() * neurons();
    return List.of(
        ParameterGroup.weights(sums, in().width()),
        new ParameterGroup("recurrentWeights", sums, neurons(), true),
        ParameterGroup.biases(sums));
  }

  @Override
  default void initialize(double[] parameters, int offset, int index) {
    int sums = gates() * neurons();
    int weights = sums * in().width();
    initializer().draw(parameters, offset, weights, in().width(), neurons(), index);
    String stream = "recurrent weights of layer " + index;
    initializer()
        .draw(parameters, offset + weights, sums * neurons(), neurons(), neurons(), stream);
  }

  @Override
  default long forwardFlops() {
    return 2L * gates() * in().positions() * neurons() * (in().width() + neurons());
  }

  @Override
  default String start() {
    return initializer().toString();
  }
}
