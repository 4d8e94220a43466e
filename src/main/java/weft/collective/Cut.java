package weft.collective;

/** An array section cut into parts that differ by at most one element. */
record Cut(int first, int count, int parts) {
  /** Where a part begins; the last one ends where one more would begin. */
  int bound(int part) {
    return first + (int) ((long) part * count / parts);
  }

  /** Elements of the parts from {@code from} to before {@code to}. */
  int count(int from, int to) {
    return bound(to) - bound(from);
  }
}
