package weft.nn;

/** What a step by hand did: the values before it and the gradient it applied. */
@SuppressWarnings("ArrayRecordComponent") // package-private and never written to
record Update(double[] old, double[] gradient) {
  Update {
    old = old.clone();
    gradient = gradient.clone();
  }
}
