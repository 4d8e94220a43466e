package weft.engine.packet;

/**
 * The NICs: each port takes the next packet from its eligible queue pairs in turn, when it is free
 * to send it, so nothing queues inside. A queue pair that its pace holds back waits in the event
 * queue and blocks nobody.
 */
final class Nic {
  private static final int NONE = -1;

  private final Clock clock;
  private final QueuePairs pairs;
  private final Sender sender;
  private final Turns turns;
  private final int[] head; // by list: queue pairs that may send, in turn; shared by all threads
  private final int[] tail;

  Nic(Clock clock, QueuePairs pairs, Sender sender, Turns turns) {
    this.clock = clock;
    this.pairs = pairs;
    this.sender = sender;
    this.turns = turns;
    head = turns.head;
    tail = turns.tail;
  }

  boolean hasReady(Lane lane) {
    return head[turns.list(lane.index, lane.trafficClass)] != NONE;
  }

  /** The queue pair whose turn it is, taken off the list; -1 if there is none. */
  int takeReady(Lane lane) {
    int list = turns.list(lane.index, lane.trafficClass);
    while (head[list] != NONE) {
      int qp = head[list];
      head[list] = pairs.nextReady[qp];
      pairs.state[qp] = QueuePairs.IDLE;
      // Acknowledgements may have come in while it was in the list.
      if (sender.earliest(qp) <= clock.now) {
        return qp;
      }
      wake(qp, clock.now);
    }
    return NONE;
  }

  /**
   * Lists a queue pair if its next packet may go by a time, or has an event tell when.
   *
   * @param by ps; now, or when its port becomes free
   * @return whether it is in its port's list now and was not before
   */
  boolean wake(int qp, long by) {
    long earliest = sender.earliest(qp);
    if (pairs.state[qp] == QueuePairs.READY || earliest == Sender.NEVER) {
      return false;
    }
    if (earliest <= by) {
      append(qp);
      return true;
    }
    if (pairs.state[qp] != QueuePairs.WAITING || pairs.wake[qp] > earliest) {
      pairs.state[qp] = QueuePairs.WAITING;
      pairs.wake[qp] = earliest;
      clock.at(earliest, Clock.READY, qp);
    }
    return false;
  }

  /**
   * The event of a waiting queue pair.
   *
   * @return as {@link #wake}
   */
  boolean onReady(int qp) {
    if (pairs.state[qp] != QueuePairs.WAITING || pairs.wake[qp] != clock.now) {
      return false;
    }
    pairs.state[qp] = QueuePairs.IDLE;
    return wake(qp, clock.now);
  }

  /** Has an event wake a queue pair that just got something to send. */
  void post(int qp) {
    if (pairs.state[qp] == QueuePairs.IDLE && sender.earliest(qp) != Sender.NEVER) {
      pairs.state[qp] = QueuePairs.WAITING;
      pairs.wake[qp] = Math.max(clock.now, sender.earliest(qp));
      clock.at(pairs.wake[qp], Clock.READY, qp);
    }
  }

  private void append(int qp) {
    int list = turns.list(pairs.sourcePort[qp], pairs.trafficClass[qp]);
    pairs.state[qp] = QueuePairs.READY;
    pairs.nextReady[qp] = NONE;
    if (head[list] == NONE) {
      head[list] = qp;
    } else {
      pairs.nextReady[tail[list]] = qp;
    }
    tail[list] = qp;
  }
}
