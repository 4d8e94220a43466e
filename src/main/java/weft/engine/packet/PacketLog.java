package weft.engine.packet;

import java.util.Arrays;
import weft.transport.RoceV2;

/**
 * The first packets that left by a port, as three longs each: when, whose, what. It belongs to the
 * thread that moves the port's packets until the engine has run.
 */
public final class PacketLog {
  /** What a packet is. */
  public enum Kind {
    DATA,
    ACK,
    NAK,
    CNP,
    /** Credit that a receiver grants. */
    GRANT,
    /** The pause frame that stops the other end of the link. */
    PAUSE,
    /** The pause frame that lets it go on. */
    RESUME
  }

  private static final int PAUSE = 5; // 0 to 4 are the kinds of Packet
  private static final int RESUME = 6;

  static final Kind[] KINDS = {
    Kind.DATA, Kind.ACK, Kind.NAK, Kind.CNP, Kind.GRANT, Kind.PAUSE, Kind.RESUME
  };
  private static final int FIELDS = 3;
  private static final int MARKED = 1 << 24;
  private static final int KIND_SHIFT = 16;
  private static final int WIRE_MASK = 0xFFFF;

  private final int port;
  private final int most;
  private long[] entries = new long[FIELDS * 64];
  private int size;
  private long missed;

  PacketLog(int port, int most) {
    this.port = port;
    this.most = most;
  }

  void add(long timePs, long owner, long head) {
    int flags = Packet.has(head, Packet.MARKED) ? MARKED : 0;
    add(timePs, owner, flags | Packet.kind(head) << KIND_SHIFT | Packet.wire(head));
  }

  void addFrame(long timePs, boolean pause, int trafficClass) {
    add(timePs, trafficClass, (pause ? PAUSE : RESUME) << KIND_SHIFT | RoceV2.PAUSE_WIRE);
  }

  private void add(long timePs, long owner, int what) {
    if (size == most) {
      missed++;
      return;
    }
    int at = FIELDS * size++;
    if (at == entries.length) {
      entries = Arrays.copyOf(entries, 2 * at);
    }
    entries[at] = timePs;
    entries[at + 1] = owner;
    entries[at + 2] = what;
  }

  /** The port, as the engine counts them. */
  public int port() {
    return port;
  }

  /** How many packets it holds. */
  public int size() {
    return size;
  }

  /** How many more left after it was full. */
  public long missed() {
    return missed;
  }

  /** When a packet's first bit left, ps. */
  public long timePs(int index) {
    return entries[FIELDS * index];
  }

  /** The queue pair of a packet; 0 for pause frames. */
  public int queuePair(int index) {
    return Packet.queuePair(entries[FIELDS * index + 1]);
  }

  /** The number of a data packet; of an answer the number that its sender expects next. */
  public int psn(int index) {
    return Packet.psn(entries[FIELDS * index + 1]);
  }

  /** The traffic class of a pause frame. */
  public int trafficClass(int index) {
    return (int) entries[FIELDS * index + 1];
  }

  /** What a packet is. */
  public Kind kind(int index) {
    return KINDS[(int) entries[FIELDS * index + 2] >> KIND_SHIFT & 0xFF];
  }

  /** Bytes on the wire, preamble and gap included. */
  public int wireBytes(int index) {
    return (int) entries[FIELDS * index + 2] & WIRE_MASK;
  }

  /** Whether a data packet bears the ECN mark. */
  public boolean isMarked(int index) {
    return (entries[FIELDS * index + 2] & MARKED) != 0;
  }
}
