package weft.transport;

/** An acknowledgement as a test writes it; times in microseconds where it says so. */
final class Ack implements Acknowledgement {
  private long now;
  private long bytes;
  private long acknowledged;
  private long sent;
  private boolean marked;
  private long rtt;
  private long receiver;
  private long[][] hops = new long[0][];

  static Ack at(double us) {
    var ack = new Ack();
    ack.now = Math.round(us * 1e6);
    return ack;
  }

  Ack bytes(long newly) {
    bytes = newly;
    return this;
  }

  /** All acknowledged, all sent. */
  Ack progress(long acknowledgedBytes, long sentBytes) {
    acknowledged = acknowledgedBytes;
    sent = sentBytes;
    return this;
  }

  Ack marked(boolean is) {
    marked = is;
    return this;
  }

  Ack rtt(double us) {
    rtt = Math.round(us * 1e6);
    return this;
  }

  Ack receiver(double us) {
    receiver = Math.round(us * 1e6);
    return this;
  }

  /** For each hop: queue bytes, bytes sent, time in ps, rate in bit/s. */
  Ack telemetry(long[]... records) {
    hops = records;
    return this;
  }

  @Override
  public long nowPs() {
    return now;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public long acknowledgedBytes() {
    return acknowledged;
  }

  @Override
  public long sentBytes() {
    return sent;
  }

  @Override
  public boolean marked() {
    return marked;
  }

  @Override
  public long rttPs() {
    return rtt;
  }

  @Override
  public long receiverPs() {
    return receiver;
  }

  @Override
  public int hops() {
    return hops.length;
  }

  @Override
  public long queueBytes(int hop) {
    return hops[hop][0];
  }

  @Override
  public long txBytes(int hop) {
    return hops[hop][1];
  }

  @Override
  public long timePs(int hop) {
    return hops[hop][2];
  }

  @Override
  public long bitsPerSecond(int hop) {
    return hops[hop][3];
  }
}
