package weft.engine.packet;

import org.jspecify.annotations.Nullable;
import weft.fabric.Forwarding;

/**
 * A port as its node works with it: how it stands, what waits at it, what is under way to it, what
 * it has done. It is an object and not a row over many arrays because a hop needs most of it, and a
 * node has a few hops in a window: memory then brings some lines in place of one for each array.
 * What is seldom needed is apart.
 *
 * <p>It is itself the lane of the first traffic class. What is not in {@link Lane} is common to
 * all.
 */
final class Port extends Lane {
  long busyUntil;
  long busyPs;
  long bytes;
  long packets;
  final long flight; // to the other end, and the latency of the switch there, ps
  long cutPs = Long.MAX_VALUE; // from a packet's first bit until the switch there may forward it
  long maxQueueBytes; // since a sample was last taken

  // A byte takes psNumerator / psDenominator ps; carry holds what a whole number of ps left over.
  private final long psNumerator;
  private final long psDenominator;
  private long carry;

  final int peer; // the port at the cable's other end
  int peerThread; // who simulates the cable's other end
  int peerCell; // that it is in, among those of its thread
  final boolean ofHost;
  boolean inside; // whether both ends of its cable are in one cell
  boolean freePending;
  boolean ignoresPause; // goes on sending when asked to stop
  boolean impaired; // whether anything is the matter with what leaves
  boolean dead; // whether what leaves is lost
  boolean noticed; // whether its node knows that its cable is down
  boolean repaired; // whether the packet that comes next is the last replay of its link
  int turn; // the class that sends, where they take turns

  /** By class, this one first; null while there is one. */
  final Lane @Nullable [] lanes;

  /** By class; null while there is one, which the port's own counters tell of. */
  final ClassTally @Nullable [] tallies;

  /** Acknowledgements and notifications that wait, strictly first. */
  final Ring control = new Ring();

  /** Under way to it from the same cell; the first word is the time of arrival. */
  final Ring inward = new Ring();

  final Ring inwardFrames = new Ring();

  final PortTally tally = new PortTally();
  final Impairment impairment = new Impairment();

  @Nullable Inbox inbox; // of a slow host's NIC
  @Nullable PacketLog log; // of what leaves, where one was asked for
  @Nullable DropLog dropLog; // of what does not

  Port(
      int index,
      int node,
      int peer,
      boolean ofHost,
      long flight,
      long psNumerator,
      long psDenominator,
      int classes) {
    super(index, node, 0);
    lanes = classes == 1 ? null : new Lane[classes];
    tallies = classes == 1 ? null : new ClassTally[classes];
    for (int c = 0; c < classes && lanes != null && tallies != null; c++) {
      lanes[c] = c == 0 ? this : new Lane(index, node, c);
      tallies[c] = new ClassTally();
    }
    this.peer = peer;
    this.ofHost = ofHost;
    this.flight = flight;
    this.psNumerator = psNumerator;
    this.psDenominator = psDenominator;
  }

  /** The lane of a class. */
  Lane lane(int ofClass) {
    return lanes == null ? this : lanes[ofClass];
  }

  /** How many classes it has. */
  int classes() {
    return lanes == null ? 1 : lanes.length;
  }

  /** How long data was stopped until now, ps: of several classes that which was for longest. */
  long pausedPs(long now) {
    long most = 0;
    for (int c = 0; c < classes(); c++) {
      most = Math.max(most, lane(c).pausedFor(now));
    }
    return most;
  }

  /** Data that waits in all classes, bytes. */
  long waiting() {
    if (lanes == null) {
      return queueBytes;
    }
    long sum = 0;
    for (Lane lane : lanes) {
      sum += lane.queueBytes;
    }
    return sum;
  }

  /** How long it was sending until now, ps: what is booked beyond is left out. */
  long busyPs(long now) {
    return busyPs - Math.max(0, busyUntil - impairment.gapPs - now);
  }

  /** The most data bytes that waited since this was last asked. */
  long takeMaxQueue() {
    long max = maxQueueBytes;
    tally.maxQueueBefore = Math.max(tally.maxQueueBefore, max);
    maxQueueBytes = waiting();
    return max;
  }

  /** Data of one of its lanes has begun to wait. */
  void countWaiting(Lane lane) {
    maxQueueBytes = Math.max(maxQueueBytes, waiting());
    if (tallies != null) {
      ClassTally tally = tallies[lane.trafficClass];
      tally.maxQueueBytes = Math.max(tally.maxQueueBytes, lane.queueBytes);
    }
  }

  void countMark(Lane lane) {
    tally.marks++;
    if (tallies != null) {
      tallies[lane.trafficClass].marks++;
    }
  }

  void countDrop(Lane lane) {
    tally.drops++;
    if (tallies != null) {
      tallies[lane.trafficClass].drops++;
    }
  }

  void countPauseSent(Lane lane) {
    tally.pausesSent++;
    if (tallies != null) {
      tallies[lane.trafficClass].pausesSent++;
    }
  }

  void countPauseReceived(Lane lane) {
    tally.pausesReceived++;
    if (tallies != null) {
      tallies[lane.trafficClass].pausesReceived++;
    }
  }

  /** To be called when something has become the matter with it, or is no longer. */
  void judge() {
    impaired = dead || impairment.exists();
  }

  /** Whether it is free and nothing that may go waits for it. */
  boolean isIdle(long now) {
    return busyUntil <= now && !freePending;
  }

  /**
   * Picoseconds that so many bytes take, exact over any number of packets: what a rate like 3.6
   * Tb/s leaves of a picosecond is carried over to the port's next packet.
   */
  long serialise(int wireBytes) {
    long ps = wireBytes * psNumerator;
    if (psDenominator == 1) {
      return ps;
    }
    long total = ps + carry;
    carry = total % psDenominator;
    return total / psDenominator;
  }

  /** Picoseconds that so many bytes take at the least. */
  long leastPs(int wireBytes) {
    return wireBytes * psNumerator / psDenominator;
  }

  /** Has the switch at the other end forward what this port sends once its headers are in. */
  void cutThrough() {
    cutPs = leastPs((int) Forwarding.HEADERS.bytes()) + (psDenominator == 1 ? 0 : 1);
  }

  /**
   * When a packet that begins to leave now is in the next node: wholly, or so far that a
   * cut-through switch forwards it.
   *
   * @param ps that it takes to leave
   */
  long arrival(long now, long ps) {
    return now + Math.min(ps, cutPs) + flight;
  }

  /**
   * Nothing that begins to leave is at the other end of such a cable sooner than after this, ps: a
   * frame of flow control by the cable alone, a packet's headers through the switch besides.
   */
  long leastTransit(long delay, int leastWire) {
    return Math.min(delay + leastPs(leastWire), flight + Math.min(leastPs(leastWire), cutPs));
  }

  /** What begins to leave, of whatever size, is in the next node not later than after this, ps. */
  long mostTransit() {
    return flight + leastPs(Packet.MOST_WIRE) + 1;
  }
}
