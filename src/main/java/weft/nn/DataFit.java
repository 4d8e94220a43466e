package weft.nn;

import weft.report.Digits;
import weft.units.Check;

/** Whether a data set's rows can be a network's samples; each refusal is one sentence. */
record DataFit(Network network) {
  /**
   * @param rows of a batch
   * @throws IllegalArgumentException if features and inputs, or classes and outputs, differ
   */
  void check(Dataset data, int rows) {
    Check.notNull("a data set", data, "write for example Datasets.digits().test()");
    if (data.features() != network.inputs() && network.in().isTokens()) {
      throw new IllegalArgumentException(
          "%s expects %s, but the data set %s has %s: begin with Network.tokens(%d, %d)"
              .formatted(
                  network.layers().get(0).name(),
                  Digits.counted(network.inputs(), "token"),
                  data.name(),
                  Digits.counted(data.features(), "feature"),
                  network.in().vocabulary(),
                  data.features()));
    }
    if (data.features() != network.inputs()) {
      throw new IllegalArgumentException(
          "%s, got a batch of shape [%d, %d]: the data set %s has %s, so begin with %s"
              .formatted(
                  expectation(),
                  rows,
                  data.features(),
                  data.name(),
                  Digits.counted(data.features(), "feature"),
                  network.in().isImage()
                      ? "images whose channels x height x width are " + data.features()
                      : "Network.inputs(" + data.features() + ")"));
    }
    if (network.in().isTokens()) {
      checkTokens(data);
    }
    if (!data.hasClasses()) {
      checkNumbers(data);
      return;
    }
    if (data.positions() != network.out().positions()) {
      throw new IllegalArgumentException(
          "the network predicts %s a sample, but the rows of %s have %d: %s"
              .formatted(
                  Digits.counted(network.out().positions(), "class"),
                  data.name(),
                  data.positions(),
                  data.positions() == 1
                      ? "put lastStep() before the last layer"
                      : "let every step of the sequence reach the last layer"));
    }
    boolean secondOfTwo = network.outputs() == 1 && data.classes() == 2; // its probability
    if (data.classes() != network.outputs() && !secondOfTwo) {
      throw new IllegalArgumentException(
          "%s ends in %s, but the data set %s has %s: give the last layer %s"
              .formatted(
                  last().name(),
                  Digits.counted(network.outputs(), "output"),
                  data.name(),
                  Digits.counted(data.classes(), "class"),
                  Digits.counted(data.classes(), "neuron")));
    }
  }

  private void checkTokens(Dataset data) {
    int vocabulary = network.in().vocabulary();
    for (int row = 0; row < data.size(); row++) {
      for (int i = 0; i < network.inputs(); i++) {
        float token = data.value(row, i);
        if (!(token >= 0 && token < vocabulary) || token != (int) token) {
          throw new IllegalArgumentException(
              "%s takes whole numbers from 0 to %d, but row %d of %s has %s: begin with the vocabulary of the data, or give tokens"
                  .formatted(
                      network.in().source(), vocabulary - 1, row, data.name(), Digits.of(token)));
        }
      }
    }
  }

  private void checkNumbers(Dataset data) {
    int numbers = data.targetNames().size();
    if (numbers != network.out().size()) {
      throw new IllegalArgumentException(
          "%s ends in %s, but a row of %s has %s to predict: give the last layer %s"
              .formatted(
                  last().name(),
                  Digits.counted(network.out().size(), "output"),
                  data.name(),
                  Digits.counted(numbers, "number"),
                  Digits.counted(numbers, "neuron")));
    }
    for (int row = 0; row < data.size(); row++) {
      try {
        var unused = network.loss().target(data.targets(row), numbers);
      } catch (IllegalArgumentException refused) {
        throw new IllegalArgumentException(
            "row %d of %s: %s".formatted(row, data.name(), refused.getMessage()), refused);
      }
    }
  }

  /** What the first layer is fed: {@code dense(10) expects 64 inputs}. */
  String expectation() {
    String who =
        network.layers().get(0) instanceof Dense d
            ? "dense(" + d.neurons() + ")"
            : network.in().source();
    return "%s expects %s".formatted(who, Digits.counted(network.inputs(), "input"));
  }

  private Layer last() {
    return network.layers().get(network.layers().size() - 1);
  }
}
