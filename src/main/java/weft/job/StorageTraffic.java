package weft.job;

/** What storage does on the backend meanwhile. */
enum StorageTraffic {
  /** Nothing: it has a network of its own. */
  APART("apart", false, false),
  /** Every GPU writes. */
  CHECKPOINT("checkpoint writes", true, false),
  /** Every GPU reads. */
  LOADING("data reads", false, true),
  /** Both. */
  BOTH("writes and reads", true, true);

  private final String words;
  private final boolean writes;
  private final boolean reads;

  StorageTraffic(String words, boolean writes, boolean reads) {
    this.words = words;
    this.writes = writes;
    this.reads = reads;
  }

  boolean writes() {
    return writes;
  }

  boolean reads() {
    return reads;
  }

  @Override
  public String toString() {
    return words;
  }
}
