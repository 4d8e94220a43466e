package weft.engine.packet;

import java.util.Arrays;

/** For each NIC port the list of its queue pairs that may send, linked through the queue pairs. */
final class Turns {
  final int[] head;
  final int[] tail;

  Turns(int ports) {
    head = new int[ports];
    tail = new int[ports];
    Arrays.fill(head, -1);
  }
}
