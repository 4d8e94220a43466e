package weft.nn.compute;

/**
 * Into how many pieces a matrix product is cut, by its shape alone: few, since each piece makes the
 * library pack the other operand again.
 */
final class Tiles {
  /** Multiplications below which a piece is not worth handing to another thread. */
  private static final long LEAST_WORK = 1 << 22;

  /** Rows below which packing the other operand weighs. */
  private static final int LEAST_ROWS = 256;

  private static final int MOST = 4;

  private Tiles() {}

  /**
   * @param rows of the side that is cut
   * @param workPerRow multiplications of one
   */
  static int count(int rows, long workPerRow) {
    long worth = Math.min(rows * workPerRow / LEAST_WORK, rows / LEAST_ROWS);
    return (int) Math.max(1, Math.min(MOST, worth));
  }

  /** Where piece {@code index} begins: at a multiple of 8, the library's own block. */
  static int bound(int index, int tiles, int rows) {
    return index == tiles ? rows : (int) ((long) rows * index / tiles) & ~7;
  }

  /** Numbers below which a share of simple work is not worth handing to another thread. */
  private static final int LEAST_NUMBERS = 1 << 14;

  private static final int MOST_SHARES = 8;

  /**
   * Into how many shares work without a matrix product is cut.
   *
   * @param rows of which a share has whole ones
   * @param numbersPerRow how much there is to do for one
   */
  static int shares(int rows, int numbersPerRow) {
    long worth = Math.min((long) rows * numbersPerRow / LEAST_NUMBERS, rows);
    return (int) Math.max(1, Math.min(MOST_SHARES, worth));
  }

  /** Where share {@code index} begins. */
  static int share(int index, int shares, int rows) {
    return (int) ((long) rows * index / shares);
  }
}
