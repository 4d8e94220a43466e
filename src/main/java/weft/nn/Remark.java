package weft.nn;

/**
 * A sentence between equations.
 *
 * @param words plain ones
 */
record Remark(String words) implements Line {
  static final Remark DOTS = new Remark("...");
}
