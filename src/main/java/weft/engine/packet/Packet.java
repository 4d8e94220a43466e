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

  /** Credit that a receiver grants; its number is how many bytes. */
  static final int GRANT = 4;

  /** ECN: congestion experienced; on an acknowledgement its echo. */
  static final int MARKED = 1 << 19;

  /** The first of a message, which carries a RETH. */
  static final int FIRST = 1 << 20;

  /** What is left of a data packet that found a buffer full. */
  static final int TRIMMED = 1 << 21;

  /** No packet takes more bytes on the wire. */
  static final int MOST_WIRE = 0xFFFF;

  private static final int KIND_SHIFT = 16;
  private static final int KIND_MASK = 7;
  private static final int CONTROL_MASK = KIND_MASK << KIND_SHIFT | TRIMMED;
  private static final int BEHIND_SHIFT = 22;
  private static final int BEHIND_MASK = 0x1FF;

  private Packet() {}

  /** The second word. */
  static long owner(int queuePair, int psn) {
    return (long) queuePair << 32 | psn;
  }

  static int queuePair(long owner) {
    return (int) (owner >>> 32);
  }

  /**
   * The number of a data packet; of an ACK or NAK the number that its sender expects, where it
   * repeats selectively the number of the packet that it answers.
   */
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

  /** Whether it goes before data and is not held up by flow control. */
  static boolean isControl(long header) {
    return ((int) header & CONTROL_MASK) != 0;
  }

  /**
   * The flags of a selective acknowledgement, whose number is that of the packet it answers.
   *
   * @param behind how many packets up to that one are not yet known to have come, all before them
   *     being there: the field says so where it is large enough
   */
  static int behind(int behind) {
    return Math.min(behind, BEHIND_MASK) << BEHIND_SHIFT;
  }

  /**
   * The packet that the receiver expects, by a selective acknowledgement; 0 where it cannot say.
   */
  static int expected(long owner, long header) {
    int behind = (int) header >>> BEHIND_SHIFT & BEHIND_MASK;
    return behind == BEHIND_MASK ? 0 : psn(owner) + 1 - behind;
  }

  /** Where its path goes on; where senders spray, its entropy value. */
  static int cursor(long header) {
    return (int) (header >>> 32);
  }

  /** What is left of a data packet: so many bytes on the wire. */
  static long trimmed(long header, int wireBytes) {
    return (header & ~(long) MOST_WIRE) | TRIMMED | wireBytes;
  }

  /** Going on elsewhere. */
  static long at(long header, int cursor) {
    return (long) cursor << 32 | (header & 0xFFFF_FFFFL);
  }
}
