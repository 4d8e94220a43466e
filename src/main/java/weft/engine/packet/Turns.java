package weft.engine.packet;

import java.util.Arrays;

/** For each NIC port the list of its queue pairs that may send, linked through the queue pairs. */
final class Turns {
  private static final int NONE = -1;

  final int[] head;
  final int[] tail;

  Turns(int ports) {
    head = new int[ports];
    tail = new int[ports];
    Arrays.fill(head, NONE);
  }

  /** Takes a queue pair off the list of a port; it must be in it. */
  void remove(QueuePairs pairs, int port, int qp) {
    int before = NONE;
    int at = head[port];
    while (at != qp) {
      before = at;
      at = pairs.nextReady[at];
    }
    int after = pairs.nextReady[qp];
    if (before == NONE) {
      head[port] = after;
    } else {
      pairs.nextReady[before] = after;
    }
    if (after == NONE) {
      tail[port] = before;
    }
    pairs.state[qp] = QueuePairs.IDLE;
  }
}
