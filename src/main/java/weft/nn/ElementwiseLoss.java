package weft.nn;

import java.util.StringJoiner;
import weft.report.Digits;

/** A loss that compares each output with its own target and sums over the outputs. */
abstract sealed class ElementwiseLoss extends Loss
    permits SquaredError, HalfSquaredError, AbsoluteError, Huber {
  ElementwiseLoss(String name) {
    super(name);
  }

  /** What one output adds, written out; {@code difference} is output less target. */
  abstract String term(String output, String target, double difference);

  /** Its derivative by the output, written out likewise. */
  abstract String slope(String output, String target, double difference);

  @Override
  boolean fusedWith(Activation last, int outputs) {
    return false;
  }

  @Override
  double[] target(double[] given, int outputs) {
    if (given.length != outputs) {
      throw new IllegalArgumentException(
          "target(...) takes one number per output: the network has %d, got %d numbers"
              .formatted(outputs, given.length));
    }
    return given.clone();
  }

  @Override
  String explain(Names names, double[] a, double[] target, double loss) {
    var symbols = new StringJoiner(" + ");
    var numbers = new StringJoiner(" + ");
    for (int i : Explanation.shown(a.length)) {
      if (i < 0) {
        symbols.add("...");
        numbers.add("...");
        continue;
      }
      double difference = a[i] - target[i];
      symbols.add(term(names.output(i), names.target(i), difference));
      numbers.add(term(Digits.of(a[i]), Activation.number(target[i]), difference));
    }
    return "L = %s = %s = %s".formatted(symbols, numbers, Digits.of(loss));
  }

  @Override
  String explainGradient(Names names, double[] a, double[] target, int index) {
    double difference = a[index] - target[index];
    return "dL/d%s = %s = %s = %s"
        .formatted(
            names.output(index),
            slope(names.output(index), names.target(index), difference),
            slope(Digits.of(a[index]), Activation.number(target[index]), difference),
            Digits.of(derivative(difference)));
  }

  /** The derivative of what one output adds. */
  abstract double derivative(double difference);
}
