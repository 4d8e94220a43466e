package weft.collective;

/**
 * How algorithms for powers of two take any number of ranks: of the first 2r ranks, r = N - 2^k,
 * the even ones stand back for their odd neighbours (Thakur, Rabenseifner and Gropp, IJHPCA 2005,
 * section 4.5).
 *
 * @param ranks all ranks, N
 * @param power 2^k, the largest power of two that is not above N
 */
record Folding(int ranks, int power) {
  static Folding of(int ranks) {
    return new Folding(ranks, Integer.highestOneBit(ranks));
  }

  /** How many ranks stand back. */
  int extra() {
    return ranks - power;
  }

  /** The real rank of one that takes part, numbered from 0. */
  int real(int v) {
    return v < extra() ? 2 * v + 1 : v + extra();
  }

  /** The first part of the array that belongs to a rank that takes part; it may have two. */
  int part(int v) {
    return v < extra() ? 2 * v : v + extra();
  }

  /** log2 of the power. */
  int rounds() {
    return Integer.numberOfTrailingZeros(power);
  }

  /** 1 if any rank stands back, otherwise 0. */
  int folds() {
    return extra() > 0 ? 1 : 0;
  }

  /** The even ranks hand their arrays to their neighbours. */
  void fold(ScheduleBuilder builder, int step, boolean reduce, Cut parts) {
    for (int v = 0; v < extra(); v++) {
      if (reduce) {
        builder.reduce(step, 2 * v, 2 * v + 1, parts.first(), parts.count());
      } else if (parts.count(2 * v, 2 * v + 1) > 0) {
        builder.copy(step, 2 * v, 2 * v + 1, parts.bound(2 * v), parts.count(2 * v, 2 * v + 1));
      }
    }
  }

  /** The even ranks get the whole array back. */
  void unfold(ScheduleBuilder builder, int step, Cut parts) {
    for (int v = 0; v < extra(); v++) {
      builder.copy(step, 2 * v + 1, 2 * v, parts.first(), parts.count());
    }
  }
}
