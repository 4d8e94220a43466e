package weft.engine.packet;

import java.util.Arrays;

/**
 * Packets in the network, as slots; free slots form a list.
 *
 * <p>A slot is eight consecutive ints, half a cache line: a hop touches all of a packet, and
 * packets come in no order that a cache could guess, so one line a hop is what it must cost.
 */
final class Packets {
  static final int NONE = -1;

  static final int DATA = 0;
  static final int ACK = 1;
  static final int NAK = 2;
  static final int CNP = 3;

  private static final int SLOT_BITS = 3;
  private static final int NEXT = 0;
  private static final int QUEUE_PAIR = 1;
  private static final int PSN = 2;
  private static final int WIRE = 3; // bytes, with the flags above them
  private static final int CURSOR = 4;
  private static final int INGRESS = 5;
  private static final int ARRIVAL_LOW = 6;
  private static final int ARRIVAL_HIGH = 7;

  private static final int WIRE_MASK = 0xFFFF;
  private static final int KIND_SHIFT = 16;
  private static final int KIND_MASK = 3;
  private static final int MARKED = 1 << 18;
  private static final int FIRST = 1 << 19;

  private int[] slots = new int[1024 << SLOT_BITS];
  private int free;
  private int inUse;

  // Wire bytes made by and taken in by the hosts.
  private long created;
  private long consumed;

  Packets() {
    link(0);
  }

  private void link(int from) {
    int count = slots.length >> SLOT_BITS;
    for (int i = from; i < count - 1; i++) {
      setNext(i, i + 1);
    }
    setNext(count - 1, NONE);
    free = from;
  }

  /** The packet behind this one in its list, or {@link #NONE}. */
  int next(int packet) {
    return slots[packet << SLOT_BITS | NEXT];
  }

  void setNext(int packet, int next) {
    slots[packet << SLOT_BITS | NEXT] = next;
  }

  int queuePair(int packet) {
    return slots[packet << SLOT_BITS | QUEUE_PAIR];
  }

  /** The number of a data packet; the number expected by the sender of an ACK or NAK. */
  int psn(int packet) {
    return slots[packet << SLOT_BITS | PSN];
  }

  /** Bytes on the wire, headers included. */
  int wire(int packet) {
    return slots[packet << SLOT_BITS | WIRE] & WIRE_MASK;
  }

  /** {@link #DATA}, {@link #ACK}, {@link #NAK} or {@link #CNP}. */
  int kind(int packet) {
    return slots[packet << SLOT_BITS | WIRE] >> KIND_SHIFT & KIND_MASK;
  }

  boolean isMarked(int packet) {
    return (slots[packet << SLOT_BITS | WIRE] & MARKED) != 0;
  }

  void mark(int packet) {
    slots[packet << SLOT_BITS | WIRE] |= MARKED;
  }

  /** Whether this is the first of a message, which carries a RETH. */
  boolean isFirst(int packet) {
    return (slots[packet << SLOT_BITS | WIRE] & FIRST) != 0;
  }

  void setFirst(int packet) {
    slots[packet << SLOT_BITS | WIRE] |= FIRST;
  }

  /** Where its path goes on. */
  int cursor(int packet) {
    return slots[packet << SLOT_BITS | CURSOR];
  }

  void setCursor(int packet, int cursor) {
    slots[packet << SLOT_BITS | CURSOR] = cursor;
  }

  /** The port by which it entered the switch it is in. */
  int ingress(int packet) {
    return slots[packet << SLOT_BITS | INGRESS];
  }

  void setIngress(int packet, int port) {
    slots[packet << SLOT_BITS | INGRESS] = port;
  }

  /** When it reaches the end of the cable it is on, ps. */
  long arrival(int packet) {
    int slot = packet << SLOT_BITS;
    return (long) slots[slot | ARRIVAL_HIGH] << 32 | (slots[slot | ARRIVAL_LOW] & 0xFFFF_FFFFL);
  }

  void setArrival(int packet, long timePs) {
    int slot = packet << SLOT_BITS;
    slots[slot | ARRIVAL_LOW] = (int) timePs;
    slots[slot | ARRIVAL_HIGH] = (int) (timePs >> 32);
  }

  int inUse() {
    return inUse;
  }

  long created() {
    return created;
  }

  long consumed() {
    return consumed;
  }

  /** A slot for a new packet of this kind. */
  int take(int kind, int qp, int psn, int wireBytes) {
    if (free == NONE) {
      int old = slots.length >> SLOT_BITS;
      slots = Arrays.copyOf(slots, 2 * slots.length);
      link(old);
    }
    int packet = free;
    free = next(packet);
    inUse++;
    slots[packet << SLOT_BITS | QUEUE_PAIR] = qp;
    fill(packet, kind, psn, wireBytes);
    return packet;
  }

  /** The slot of a packet that a host has taken in, used again for its answer. */
  void reuse(int packet, int kind, int psn, int wireBytes) {
    consumed += wire(packet);
    fill(packet, kind, psn, wireBytes);
  }

  private void fill(int packet, int kind, int psn, int wireBytes) {
    created += wireBytes;
    slots[packet << SLOT_BITS | PSN] = psn;
    slots[packet << SLOT_BITS | WIRE] = kind << KIND_SHIFT | wireBytes;
    setNext(packet, NONE);
  }

  /** Ends a packet that a host has taken in. */
  void consume(int packet) {
    consumed += wire(packet);
    release(packet);
  }

  /** Ends a packet. */
  void release(int packet) {
    setNext(packet, free);
    free = packet;
    inUse--;
  }
}
