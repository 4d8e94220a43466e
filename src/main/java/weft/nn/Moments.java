package weft.nn;

/**
 * What Adam and LAMB write alike about their first step: m and v, the means of the gradient and of
 * its square, which start from 0 and are therefore divided by 1 - β.
 *
 * @param beta1 of the gradient's mean
 * @param beta2 of the square's mean
 * @param epsilon which keeps the division from 0
 */
record Moments(double beta1, double beta2, double epsilon) {
  /** The mean of the gradient. */
  Term first(Term old, Term gradient) {
    return mean(beta1, old, gradient);
  }

  /** The mean of its square. */
  Term second(Term old, Term square) {
    return mean(beta2, old, square);
  }

  private static Term mean(double beta, Term old, Term added) {
    return Term.sum(Term.of(beta).times(old), Term.of(1).minus(Term.of(beta)).group().times(added));
  }

  /** m by the divisor of the first step, 1 - β to the power of 1. */
  Term corrected(Term m) {
    return m.over(Term.of(1).minus(Term.of(beta1)).group()).group();
  }

  /** The root of v, likewise divided, and ε. */
  Term divisor(Term v) {
    Term root = v.over(Term.of(1).minus(Term.of(beta2)).group()).root();
    return Term.sum(root, Term.of(epsilon)).group();
  }
}
