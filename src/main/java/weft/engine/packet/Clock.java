package weft.engine.packet;

/**
 * The time in the cell at work and its pending events: an event is a kind in its low bits and an id
 * above them.
 */
final class Clock {
  /** The first packet under way towards a port reaches it. */
  static final int ARRIVE = 0;

  /** A port with more to send has finished a packet. */
  static final int FREE = 1;

  /** A queue pair's pace or its next message's start allows a packet. */
  static final int READY = 2;

  /** A pause or resume frame reaches a port. */
  static final int FRAME = 3;

  /** A queue pair's acknowledgement timer may have run out. */
  static final int TIMEOUT = 4;

  /** A wake-up asked for by the engine's user. */
  static final int WAKE = 5;

  /** A receiving port may grant more credit. */
  static final int GRANT = 6;

  /** A core has worked for a connection's first waiting packet. */
  static final int KERNEL = 7;

  /** A port may have been paused for longer than its switch puts up with. */
  static final int WATCHDOG = 8;

  /** The first packet in a slow host's NIC has been moved to memory. */
  static final int MEMORY = 9;

  private static final int KIND_BITS = 4;

  long now;
  EventHeap heap = new EventHeap();

  void at(long timePs, int kind, int id) {
    heap.add(timePs, event(kind, id));
  }

  static int event(int kind, int id) {
    return id << KIND_BITS | kind;
  }

  static int kind(int event) {
    return event & (1 << KIND_BITS) - 1;
  }

  static int id(int event) {
    return event >>> KIND_BITS;
  }
}
