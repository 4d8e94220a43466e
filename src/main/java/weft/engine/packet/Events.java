package weft.engine.packet;

import weft.sim.EventQueue;

/** The clock and what is pending: an event is a kind in its low bits and an id above them. */
final class Events {
  /** The first packet under way on a port reaches the other end. */
  static final int ARRIVE = 0;

  /** A port with more to send has finished a packet. */
  static final int FREE = 1;

  /** A queue pair's pace or its next message's start allows a packet. */
  static final int READY = 2;

  /** A pause frame reaches the port it stops. */
  static final int PAUSE = 3;

  /** A resume frame reaches the port it starts. */
  static final int RESUME = 4;

  /** A queue pair's acknowledgement timer may have run out. */
  static final int TIMEOUT = 5;

  /** A wake-up asked for by the engine's user. */
  static final int WAKE = 6;

  private static final int KIND_BITS = 3;

  private final EventQueue queue = EventQueue.create();
  long now;

  /** Pending events that nobody waits for: timers of queue pairs with nothing unacknowledged. */
  int idle;

  void at(long timePs, int kind, int id) {
    queue.add(timePs, id << KIND_BITS | kind);
  }

  /** Whether something that matters is pending. */
  boolean pending() {
    return queue.size() > idle;
  }

  int take() {
    int event = queue.poll();
    now = queue.now();
    return event;
  }

  static int kind(int event) {
    return event & (1 << KIND_BITS) - 1;
  }

  static int id(int event) {
    return event >>> KIND_BITS;
  }
}
