package weft.nn;

import weft.report.Digits;

/** A loss that compares each output with its own target and sums over the outputs. */
abstract sealed class ElementwiseLoss extends Loss
    permits SquaredError, HalfSquaredError, AbsoluteError, Huber {
  ElementwiseLoss(String name) {
    super(name);
  }

  /** What one output adds, written out; {@code difference} is output less target. */
  abstract Term term(Term output, Term target, double difference);

  /** Its derivative by the output, written out likewise. */
  abstract Term slope(Term output, Term target, double difference);

  @Override
  boolean fusedWith(Activation last, int outputs) {
    return false;
  }

  @Override
  double[] target(double[] given, int outputs) {
    if (given.length != outputs) {
      throw new IllegalArgumentException(
          "target(...) takes one number per output: the network has %d, got %s: give as many as outputs"
              .formatted(outputs, Digits.counted(given.length, "number")));
    }
    return given.clone();
  }

  @Override
  Equation explain(Names names, double[] a, double[] target, double loss) {
    return Equation.of(
        Term.of("L"),
        loss,
        Term.sum(a.length, i -> term(output(names, i), expected(names, i), a[i] - target[i])),
        Term.sum(a.length, i -> term(Term.of(a[i]), Term.factor(target[i]), a[i] - target[i])));
  }

  @Override
  Equation explainGradient(Names names, double[] a, double[] target, int index) {
    double difference = a[index] - target[index];
    return Equation.of(
        Term.gradient(names.output(index)),
        derivative(difference),
        slope(output(names, index), expected(names, index), difference),
        slope(Term.of(a[index]), Term.factor(target[index]), difference));
  }

  private static Term output(Names names, int index) {
    return Term.of(names.output(index));
  }

  private static Term expected(Names names, int index) {
    return Term.of(names.target(index));
  }

  /** The derivative of what one output adds. */
  abstract double derivative(double difference);
}
