package weft.capture;

/** The two ECN bits of the IP header (RFC 3168). */
public enum Ecn {
  /** Not ECN-capable: a congested switch drops it. */
  NOT_ECT(0),
  /** ECN-capable, ECT(1). */
  ECT1(1),
  /** ECN-capable, ECT(0): what RoCEv2 senders set. */
  ECT0(2),
  /** Congestion experienced: a switch has marked it. */
  CE(3);

  private final int bits;

  Ecn(int bits) {
    this.bits = bits;
  }

  /** The bits on the wire. */
  public int bits() {
    return bits;
  }
}
