package weft.collective;

/** NCCL's algorithms, as far as they need neither CollNet nor one GPU a server. */
@SuppressWarnings("ImmutableEnumChecker") // a record of numbers is immutable
public enum NcclAlgorithm {
  /** Double binary trees between servers, chains inside. */
  TREE(
      "Tree",
      new NcclLatency(6.8, 14.0, 8.4),
      new NcclLatency(0.6, 1.25, 4.0),
      new NcclLatency(5.0, 8.5, 14)),
  /** Rings. */
  RING(
      "Ring",
      new NcclLatency(6.6, 14.0, 8.4),
      new NcclLatency(0.6, 1.9, 3.4),
      new NcclLatency(2.7, 4.0, 14)),
  /** NVLink switches add, in one NVLink domain. */
  NVLS("NVLS", new NcclLatency(0, 0, 0), new NcclLatency(0, 0, 25), new NcclLatency(0, 0, 18)),
  /** NVLink switches add, trees between servers. */
  NVLS_TREE(
      "NVLSTree", new NcclLatency(0, 0, 0), new NcclLatency(0, 0, 25), new NcclLatency(0, 0, 20.9));

  private final String word;
  final NcclLatency base; // baseLatencies
  final NcclLatency inside; // of a step over NVLink, hwLatencies
  final NcclLatency between; // of a step over the network

  NcclAlgorithm(String word, NcclLatency base, NcclLatency inside, NcclLatency between) {
    this.word = word;
    this.base = base;
    this.inside = inside;
    this.between = between;
  }

  boolean isNvls() {
    return this == NVLS || this == NVLS_TREE;
  }

  /** As NCCL writes it. */
  @Override
  public String toString() {
    return word;
  }
}
