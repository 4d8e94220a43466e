package weft.engine.packet;

/**
 * A packet as four longs, copied from hop to hop: a time, whose it is, what it is, a stamp.
 *
 * <p>The first word belongs to the place it lies in: on a cable the time of its arrival, in an
 * output queue the port it came in by. The stamp is when its data packet began to leave its sender.
 */
final class Packet {
  static final int DATA = 0;
  static final int ACK = 1;
  static final int NAK = 2;
  static final int CNP = 3;

  /** ECN: congestion experienced; on an acknowledgement its echo. */
  static final int MARKED = 1 << 18;

  /** The first of a message, which carries a RETH. */
  static final int FIRST = 1 << 19;

  /** No packet takes more bytes on the wire. */
  static final int MOST_WIRE = 0xFFFF;

  private static final int KIND_SHIFT = 16;
  private static final int KIND_MASK = 3;

  private Packet() {}

  /** The second word. */
  static long owner(int queuePair, int psn) {
    return (long) queuePair << 32 | psn;
  }

  static int queuePair(long owner) {
    return (int) (owner >>> 32);
  }

  /** The number of a data packet; the number expected by the sender of an ACK or NAK. */
  static int psn(long owner) {
    return (int) owner;
  }

  /** The third word: flags and where its path goes on. */
  static long header(int kind, int flags, int wireBytes, int cursor) {
    return (long) cursor << 32 | flags | kind << KIND_SHIFT | wireBytes;
  }

  static int kind(long header) {
    return (int) header >> KIND_SHIFT & KIND_MASK;
  }

  /** Bytes on the wire, headers included. */
  static int wire(long header) {
    return (int) header & MOST_WIRE;
  }

  static boolean has(long header, int flag) {
    return ((int) header & flag) != 0;
  }

  static int cursor(long header) {
    return (int) (header >>> 32);
  }

  /** With the next step of its path. */
  static long onward(long header) {
    return header + (1L << 32);
  }
}
