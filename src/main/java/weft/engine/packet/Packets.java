package weft.engine.packet;

import java.util.Arrays;

/** Packets in the network, as slots; free slots form a list through {@link #next}. */
final class Packets {
  static final int NONE = -1;

  static final byte DATA = 0;
  static final byte ACK = 1;
  static final byte NAK = 2;
  static final byte CNP = 3;

  private static final int FIRST_SIZE = 1024;

  int[] next = new int[FIRST_SIZE];
  byte[] kind = new byte[FIRST_SIZE];
  boolean[] marked = new boolean[FIRST_SIZE];
  boolean[] first = new boolean[FIRST_SIZE]; // of its message, so with a RETH
  int[] queuePair = new int[FIRST_SIZE];
  int[] psn = new int[FIRST_SIZE]; // of a data packet; the expected one of an ACK or NAK
  int[] wire = new int[FIRST_SIZE]; // bytes, headers included
  int[] cursor = new int[FIRST_SIZE]; // where its path goes on
  int[] ingress = new int[FIRST_SIZE]; // port it entered the present switch by
  long[] arrival = new long[FIRST_SIZE]; // at the end of the link it is on, ps

  private int free;
  private int inUse;

  // Wire bytes made by and taken in by the hosts.
  long created;
  long consumed;

  Packets() {
    link(0);
  }

  private void link(int from) {
    for (int i = from; i < next.length - 1; i++) {
      next[i] = i + 1;
    }
    next[next.length - 1] = NONE;
    free = from;
  }

  int inUse() {
    return inUse;
  }

  /** A slot for a new packet of this kind. */
  int take(byte packetKind, int qp, int sequence, int wireBytes) {
    if (free == NONE) {
      grow();
    }
    int packet = free;
    free = next[packet];
    inUse++;
    marked[packet] = false;
    first[packet] = false;
    fill(packet, packetKind, qp, sequence, wireBytes);
    return packet;
  }

  /** The slot of a packet that a host has taken in, used again for its answer. */
  void reuse(int packet, byte packetKind, int sequence, int wireBytes) {
    consumed += wire[packet];
    fill(packet, packetKind, queuePair[packet], sequence, wireBytes);
  }

  private void fill(int packet, byte packetKind, int qp, int sequence, int wireBytes) {
    created += wireBytes;
    kind[packet] = packetKind;
    queuePair[packet] = qp;
    psn[packet] = sequence;
    wire[packet] = wireBytes;
    next[packet] = NONE;
  }

  /** Ends a packet that a host has taken in. */
  void consume(int packet) {
    consumed += wire[packet];
    release(packet);
  }

  /** Ends a packet. */
  void release(int packet) {
    next[packet] = free;
    free = packet;
    inUse--;
  }

  private void grow() {
    int old = next.length;
    int size = 2 * old;
    next = Arrays.copyOf(next, size);
    kind = Arrays.copyOf(kind, size);
    marked = Arrays.copyOf(marked, size);
    first = Arrays.copyOf(first, size);
    queuePair = Arrays.copyOf(queuePair, size);
    psn = Arrays.copyOf(psn, size);
    wire = Arrays.copyOf(wire, size);
    cursor = Arrays.copyOf(cursor, size);
    ingress = Arrays.copyOf(ingress, size);
    arrival = Arrays.copyOf(arrival, size);
    link(old);
  }
}
