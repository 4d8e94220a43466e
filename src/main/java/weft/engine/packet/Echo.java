package weft.engine.packet;

import weft.transport.Acknowledgement;

/** The acknowledgement that has just come, as congestion control sees it; one object a thread. */
final class Echo implements Acknowledgement {
  long nowPs;
  long bytes;
  long acknowledgedBytes;
  long sentBytes;
  boolean marked;
  long rttPs;

  @Override
  public long nowPs() {
    return nowPs;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public long acknowledgedBytes() {
    return acknowledgedBytes;
  }

  @Override
  public long sentBytes() {
    return sentBytes;
  }

  @Override
  public boolean marked() {
    return marked;
  }

  @Override
  public long rttPs() {
    return rttPs;
  }

  /** Receivers answer at once. */
  @Override
  public long receiverPs() {
    return 0;
  }

  /** Switches write no telemetry yet. */
  @Override
  public int hops() {
    return 0;
  }

  @Override
  public long queueBytes(int hop) {
    throw noHop(hop);
  }

  @Override
  public long txBytes(int hop) {
    throw noHop(hop);
  }

  @Override
  public long timePs(int hop) {
    throw noHop(hop);
  }

  @Override
  public long bitsPerSecond(int hop) {
    throw noHop(hop);
  }

  private static IndexOutOfBoundsException noHop(int hop) {
    return new IndexOutOfBoundsException(
        "hop %d wrote nothing: this acknowledgement has no telemetry, see hops()".formatted(hop));
  }
}
