package weft.engine.packet;

import java.util.Arrays;

/**
 * For each class at each NIC port the list of its queue pairs that may send, linked through the
 * queue pairs.
 */
final class Turns {
  private static final int NONE = -1;

  final int[] head;
  final int[] tail;

  private final int classes;

  Turns(int ports, int classes) {
    this.classes = classes;
    head = new int[ports * classes];
    tail = new int[ports * classes];
    Arrays.fill(head, NONE);
  }

  /** The list of a class at a port. */
  int list(int port, int trafficClass) {
    return port * classes + trafficClass;
  }

  /** Takes a queue pair off its list at a port; it must be in it. */
  void remove(QueuePairs pairs, int port, int qp) {
    int list = list(port, pairs.trafficClass[qp]);
    int before = NONE;
    int at = head[list];
    while (at != qp) {
      before = at;
      at = pairs.nextReady[at];
    }
    int after = pairs.nextReady[qp];
    if (before == NONE) {
      head[list] = after;
    } else {
      pairs.nextReady[before] = after;
    }
    if (after == NONE) {
      tail[list] = before;
    }
    pairs.state[qp] = QueuePairs.IDLE;
  }
}
