package weft.nn.compute;

/**
 * Into how many pieces a matrix product is cut, by its shape alone: few, since each piece makes the
 * library pack the other operand again.
 */
public final class Tiles {
  /** Multiplications below which a piece is not worth handing to another thread. */
  private static final long LEAST_WORK = 1 << 22;

  /** Rows below which packing the other operand weighs. */
  private static final int LEAST_ROWS = 512;

  /** Columns, likewise. */
  private static final int LEAST_COLUMNS = 160;

  private static final int MOST = 4;

  /** Numbers read and written below which a piece is not worth handing to another thread. */
  private static final int LEAST_NUMBERS = 1 << 14;

  /** Most pieces of work that goes over rows one by one. */
  static final int MOST_OF_ROWS = 8;

  private Tiles() {}

  /** Who does so many multiplications: handing out fewer takes longer than doing them. */
  static Team team(Team team, long work) {
    return work < LEAST_WORK ? Team.ALONE : team;
  }

  /**
   * @param rows of the side that is cut
   * @param workPerRow multiplications of one
   */
  static int count(int rows, long workPerRow) {
    long worth = Math.min(rows * workPerRow / LEAST_WORK, rows / LEAST_ROWS);
    return (int) Math.max(1, Math.min(MOST, worth));
  }

  /**
   * Into how many pieces a product is cut by the columns of its result.
   *
   * @param workPerColumn multiplications of one
   */
  static int ofColumns(int columns, long workPerColumn) {
    long worth = Math.min(columns * workPerColumn / LEAST_WORK, columns / LEAST_COLUMNS);
    return (int) Math.max(1, Math.min(MOST, worth));
  }

  /**
   * Into how many pieces work that goes over rows one by one is cut.
   *
   * @param width numbers of a row
   */
  static int ofRows(int rows, int width) {
    long worth = Math.min((long) rows * width / LEAST_NUMBERS, rows / 8);
    return (int) Math.max(1, Math.min(MOST_OF_ROWS, worth));
  }

  /**
   * Into how many pieces the samples of a batch are cut where a sample's steps follow each other.
   *
   * @param workPerSample multiplications of one
   */
  static int ofSamples(int rows, long workPerSample) {
    long worth = Math.min(rows * workPerSample / LEAST_WORK, rows / 8);
    return (int) Math.max(1, Math.min(MOST, worth));
  }

  /** Where piece {@code index} begins: at a multiple of 8, the library's own block. */
  static int bound(int index, int tiles, int rows) {
    return index == tiles ? rows : (int) ((long) rows * index / tiles) & ~7;
  }

  /**
   * Into how many shares work without a matrix product is cut.
   *
   * @param rows of which a share has whole ones
   * @param numbersPerRow how much there is to do for one
   */
  public static int shares(int rows, int numbersPerRow) {
    long worth = Math.min((long) rows * numbersPerRow / LEAST_NUMBERS, rows);
    return (int) Math.max(1, Math.min(MOST_OF_ROWS, worth));
  }

  /** Where share {@code index} begins. */
  public static int share(int index, int shares, int rows) {
    return (int) ((long) rows * index / shares);
  }
}
