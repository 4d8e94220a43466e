package weft.transport;

/**
 * An acknowledgement as its sender sees it, with what the network wrote into it. Sizes are payload
 * bytes unless said otherwise.
 *
 * <p>What {@link CongestionControl#signals()} does not ask for is missing: not marked, delays 0, no
 * hops.
 */
public interface Acknowledgement {
  /** When it has come, ps. */
  long nowPs();

  /** Bytes that it acknowledges and none before it did; 0 when it says nothing new. */
  long bytes();

  /** All bytes acknowledged since the queue pair was opened, these included. */
  long acknowledgedBytes();

  /**
   * All bytes sent since the queue pair was opened, each counted once. When {@link
   * #acknowledgedBytes()} has reached what this was, a round trip has passed.
   */
  long sentBytes();

  /** Whether the packet that it answers was marked. */
  boolean marked();

  /** From the first bit of the packet that it answers to now, ps. */
  long rttPs();

  /** What of {@link #rttPs()} was spent inside the receiver, ps. */
  long receiverPs();

  /** Switches that wrote telemetry into the packet, in the order passed. */
  int hops();

  /** Bytes on the wire that waited at the port of hop {@code hop} when the packet left it. */
  long queueBytes(int hop);

  /** Bytes on the wire that this port had sent by then, the packet included. */
  long txBytes(int hop);

  /** When that was, ps. */
  long timePs(int hop);

  /** The rate of this port, bit/s. */
  long bitsPerSecond(int hop);
}
