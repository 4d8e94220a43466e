package weft.collective;

/** How NCCL moves data between two GPUs (Hu et al., Demystifying NCCL, arXiv 2507.04786). */
public enum NcclProtocol {
  /** 4 bytes of data with each 4 bytes of flag: lowest latency, half the bandwidth at most. */
  LL("LL"),
  /** 120 of 128 bytes are data: low latency, nearly full bandwidth. */
  LL128("LL128"),
  /** Large slots, announced once they are full: full bandwidth, highest latency. */
  SIMPLE("Simple");

  private final String word;

  NcclProtocol(String word) {
    this.word = word;
  }

  /** As NCCL writes it. */
  @Override
  public String toString() {
    return word;
  }
}
