package weft.nn;

/** What a step by hand did: the values before it, the gradient, and who applied it. */
@SuppressWarnings("ArrayRecordComponent") // package-private and never written to
record Update(double[] old, double[] gradient, Optimizer optimizer) {
  Update {
    old = old.clone();
    gradient = gradient.clone();
  }
}
