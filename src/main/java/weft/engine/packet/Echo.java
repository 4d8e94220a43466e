package weft.engine.packet;

import org.jspecify.annotations.Nullable;
import weft.transport.Acknowledgement;

/** The acknowledgement that has just come, as congestion control sees it; one object a thread. */
final class Echo implements Acknowledgement {
  long nowPs;
  long bytes;
  long acknowledgedBytes;
  long sentBytes;
  boolean marked;
  long rttPs;
  long @Nullable [] record;

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

  @Override
  public int hops() {
    return record == null ? 0 : (int) record[0];
  }

  @Override
  public long queueBytes(int hop) {
    return word(hop, InBandTelemetry.QUEUE_BYTES);
  }

  @Override
  public long txBytes(int hop) {
    return word(hop, InBandTelemetry.SENT_BYTES);
  }

  @Override
  public long timePs(int hop) {
    return word(hop, InBandTelemetry.TIME_PS);
  }

  @Override
  public long bitsPerSecond(int hop) {
    return word(hop, InBandTelemetry.RATE);
  }

  private long word(int hop, int which) {
    if (record == null || hop < 0 || hop >= record[0]) {
      throw new IndexOutOfBoundsException(
          "hop %d wrote nothing: this acknowledgement has telemetry of %d hops, see hops()"
              .formatted(hop, hops()));
    }
    return record[hop * InBandTelemetry.HOP_WORDS + which];
  }
}
