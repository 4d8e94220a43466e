package weft.engine.packet;

import java.util.Arrays;
import weft.fabric.Fabric;
import weft.fabric.Node;
import weft.transport.BufferCells;
import weft.transport.Credits;
import weft.transport.LinkControl;
import weft.transport.Pfc;
import weft.transport.Scheduling;
import weft.transport.Transport;
import weft.units.DataSize;
import weft.units.Time;

/**
 * The packet buffers of the switches: who may still come in, and whom to pause.
 *
 * <ul>
 *   <li>Lossy: an output queue may hold as much as is free besides (dynamic threshold with alpha
 *       1); what exceeds it is dropped.
 *   <li>Lossless: an input may hold {@code alpha × free}; what exceeds it goes to the input's
 *       headroom and pauses the neighbour, who is resumed once the headroom is empty and the input
 *       two packets below the threshold.
 *   <li>Credits: an input holds what it gave credit for, never more.
 *   <li>An NVSwitch stands for credits: an input pauses above what one round trip of its cable
 *       brings, without a shared limit.
 * </ul>
 *
 * <p>Each traffic class has inputs, outputs and headroom of its own, an alpha, and room reserved at
 * each input or lossy output that is used first; what they share is the rest of the buffer. Cables
 * may have thresholds of their own in place of alpha, and queues a longest. A packet takes whole
 * cells. It counts from when it passed the switch's latency until its first bit goes out. Control
 * packets have a reserve of their own and are not counted.
 */
final class SharedBuffers {
  private static final byte SINK = 0;
  private static final byte LOSSY = 1;
  private static final byte LOSSLESS = 2;
  private static final byte PAUSES = 3;
  private static final byte CREDITS = 4;

  private final byte[] kind; // by node
  private final long[] capacity; // shared part, by node
  private final long[] usedShared; // by node
  private final long[] headroomLimit; // of an NVSwitch and where there are credits: its room
  private final double[] alpha; // by class, of inputs that pause
  private final double[] dropAlpha; // by class, of queues that drop
  private final long[] reserved; // by class, at each port
  private final boolean reserves; // whether any class does
  private final long largest; // packet on the wire
  private final long cell; // that the buffers are handed out in, bytes
  private final BufferCells cells;
  private final CableLimits limits;
  private final boolean limited; // whether any cable has limits
  private final Ports ports;

  SharedBuffers(
      Fabric fabric, Transport transport, Scheduling scheduling, CableLimits limits, Ports ports) {
    this.limits = limits;
    limited = limits.any;
    this.ports = ports;
    int nodes = fabric.nodes().size();
    kind = new byte[nodes];
    capacity = new long[nodes];
    usedShared = new long[nodes];
    headroomLimit = new long[ports.count];
    double usual = transport.link() instanceof Pfc pfc ? pfc.alpha() : 1.0;
    alpha = new double[ports.classes];
    Arrays.setAll(alpha, c -> scheduling.alpha(c, usual));
    dropAlpha = new double[ports.classes];
    Arrays.setAll(dropAlpha, c -> scheduling.alpha(c, 1.0));
    reserved = new long[ports.classes];
    Arrays.setAll(reserved, scheduling::reserved);
    reserves = Arrays.stream(reserved).anyMatch(room -> room > 0);
    largest = transport.onTheWire().largest(transport.mtu());
    cell = fabric.bufferCell().bytes();
    cells = BufferCells.of(fabric.bufferCell(), transport);
    for (int n = 0; n < nodes; n++) {
      capacity[n] = fabric.bufferOf(n).bytes();
      kind[n] = kindOf(fabric.nodes().get(n).role(), transport.link());
    }
    for (int p = 0; p < ports.count; p++) {
      limits.keep(p, kind[ports.node[p]] == LOSSLESS, hasQueues(ports.node[p]));
    }
    if (transport.link() instanceof Credits credits) {
      giveCredit(credits);
    }
    reserveHeadroom();
    reserveForClasses();
    checkCapacity(fabric);
  }

  /** What a packet of so many bytes takes: whole cells. */
  long room(long wire) {
    return cell == 1 ? wire : (wire + cell - 1) / cell * cell;
  }

  private static byte kindOf(Node.Role role, LinkControl link) {
    return switch (role) {
      case GPU, STORAGE, ADDER -> SINK;
      case NVSWITCH, NIC -> PAUSES;
      case SWITCH -> link instanceof Pfc ? LOSSLESS : link instanceof Credits ? CREDITS : LOSSY;
    };
  }

  private void giveCredit(Credits credits) {
    for (int p = 0; p < ports.count; p++) {
      if (kind[ports.node[p]] == CREDITS) {
        int sender = ports.peer[p];
        var loop = new Time(ports.delay[p] + ports.flight[sender]);
        long enough = Credits.enough(ports.rate[p], loop, largest);
        long room = credits.room().map(DataSize::bytes).orElse(enough);
        if (room < largest) {
          throw new IllegalArgumentException(
              "an input's credits cover at least one packet of %d B, but were %d B: raise them or lower the MTU"
                  .formatted(largest, room));
        }
        for (int c = 0; c < ports.classes; c++) {
          ports.port[sender].lane(c).credit = room;
        }
        capacity[ports.node[p]] -= ports.classes * cells.most(room);
      }
    }
  }

  /** The switch's own latency delays what it notices, so it counts like cable. */
  private void reserveHeadroom() {
    for (int p = 0; p < ports.count; p++) {
      var loop = new Time((ports.delay[p] + ports.flight[ports.peer[p]]) / 2);
      headroomLimit[p] =
          cells.most(
              kind[ports.node[p]] == CREDITS
                  ? ports.port[ports.peer[p]].credit
                  : Pfc.headroom(ports.rate[p], loop, largest));
      if (kind[ports.node[p]] == LOSSLESS) {
        capacity[ports.node[p]] -= ports.classes * headroomLimit[p];
      }
    }
    for (int n = 0; n < kind.length; n++) {
      if (kind[n] == PAUSES) {
        capacity[n] = Long.MAX_VALUE / 4;
      }
    }
  }

  /** Credits and NVSwitches hold no more than they granted, whatever the class. */
  private void reserveForClasses() {
    for (int p = 0; reserves && p < ports.count; p++) {
      if (sharesByClass(ports.node[p])) {
        capacity[ports.node[p]] -= Arrays.stream(reserved).sum();
      }
    }
  }

  private void checkCapacity(Fabric fabric) {
    for (int n = 0; n < kind.length; n++) {
      if (reserves && kind[n] == LOSSY && capacity[n] < room(largest)) {
        throw new IllegalArgumentException(
            "%s reserves %,d B for its classes and needs a packet's room to share, but its buffer is %,d B: raise the fabric's buffer or reserve less"
                .formatted(
                    fabric.nodes().get(n).name(),
                    fabric.bufferOf(n).bytes() - capacity[n],
                    fabric.bufferOf(n).bytes()));
      }
      if (kind[n] == CREDITS && capacity[n] < 0) {
        throw new IllegalArgumentException(
            "%s gives its inputs %,d B of credit, but its buffer is %,d B: raise the fabric's buffer or give less, Credits.of(...)"
                .formatted(
                    fabric.nodes().get(n).name(),
                    fabric.bufferOf(n).bytes() - capacity[n],
                    fabric.bufferOf(n).bytes()));
      }
      if (kind[n] == LOSSLESS && capacity[n] < room(largest)) {
        throw new IllegalArgumentException(
            ("%s needs %,d B of headroom%s for its inputs and a packet's room to share,"
                    + " but its buffer is %,d B: raise the fabric's buffer or let RoCE be lossy")
                .formatted(
                    fabric.nodes().get(n).name(),
                    fabric.bufferOf(n).bytes() - capacity[n],
                    reserves ? " and reserved room" : "",
                    fabric.bufferOf(n).bytes()));
      }
    }
  }

  private boolean sharesByClass(int node) {
    return reserves && hasQueues(node);
  }

  /**
   * Whether a node is a switch that pauses or drops by what waits; credits and NVSwitches do not.
   */
  private boolean hasQueues(int node) {
    return kind[node] == LOSSY || kind[node] == LOSSLESS;
  }

  /** What a class's first bytes at a port leave to be shared. */
  private long beyondReserved(int trafficClass, long held) {
    return Math.max(0, held - reserved[trafficClass]);
  }

  /** What a port's class takes of the shared buffer: as an output where drops, else as an input. */
  long charged(Lane lane) {
    if (!sharesByClass(lane.node)) {
      return lane.shared;
    }
    long held = kind[lane.node] == LOSSY ? lane.queueRoom : lane.shared;
    return beyondReserved(lane.trafficClass, held);
  }

  /** What so much more would take of the shared buffer. */
  private long charge(Lane ingress, Lane egress, long room) {
    if (!sharesByClass(ingress.node)) {
      return room;
    }
    long held = kind[ingress.node] == LOSSY ? egress.queueRoom : ingress.shared;
    return beyondReserved(ingress.trafficClass, held + room)
        - beyondReserved(ingress.trafficClass, held);
  }

  /** Whether this switch drops when full. */
  boolean isLossy(int node) {
    return kind[node] == LOSSY;
  }

  /** Whether this switch sends pause frames so as not to drop. */
  boolean isLossless(int node) {
    return kind[node] == LOSSLESS;
  }

  /** Whether this switch's inputs have credit to give back. */
  boolean givesCredit(int node) {
    return kind[node] == CREDITS;
  }

  /** Whether a packet whose output port is idle may pass: it stays for no time. */
  boolean passes(int node, int wire) {
    return kind[node] == CREDITS || room(wire) <= capacity[node] - usedShared[node];
  }

  /**
   * Makes room for a packet that is to wait at a port.
   *
   * @param isUnprotected whether it is in a priority without PFC, and so without headroom
   * @return false if it must be dropped
   */
  boolean admit(Lane ingress, Lane egress, int wire, boolean isUnprotected) {
    int node = ingress.node;
    if (queueIsFull(egress, wire)) {
      return false;
    }
    long room = room(wire);
    long taken = charge(ingress, egress, room);
    long free = capacity[node] - usedShared[node];
    boolean fits =
        switch (kind[node]) {
          case LOSSY -> isWithin(egress, egress.queueRoom, room, taken, free);
          case LOSSLESS -> isWithin(ingress, ingress.shared, room, taken, free);
          case CREDITS -> true; // or else it would not have been sent
          default -> ingress.shared + room <= headroomLimit[ingress.index];
        };
    if (fits && kind[node] == CREDITS) {
      ingress.maxHeadroom = Math.max(ingress.maxHeadroom, ingress.shared + room);
    }
    if (fits) {
      ingress.shared += room;
      usedShared[node] += taken;
    } else if (kind[node] == LOSSY
        || (kind[node] == LOSSLESS && isFull(ingress, room, isUnprotected))) {
      return false;
    } else {
      ingress.headroom += room;
      ingress.maxHeadroom = Math.max(ingress.maxHeadroom, ingress.headroom);
    }
    egress.queueRoom += room;
    return true;
  }

  /** Whether a port drops what makes its queue too long, even where pauses are sent. */
  boolean hasLongestQueue(int port) {
    return limits.queueMost[port] != CableLimits.NONE;
  }

  /** Whether a queue has a longest, and this packet would exceed it. */
  boolean queueIsFull(Lane egress, int wire) {
    return limited && egress.queueBytes + wire > limits.queueMost[egress.index];
  }

  /**
   * Whether a class may hold so much more at a port: by what is reserved for it, what is free, and
   * the cable's own threshold or else the class's alpha.
   */
  private boolean isWithin(Lane lane, long held, long room, long taken, long free) {
    if (taken > free) {
      return false;
    }
    if (limited && limits.pauseAt[lane.index] != CableLimits.NONE) {
      return held + room <= limits.pauseAt[lane.index];
    }
    long shared = reserves ? beyondReserved(lane.trafficClass, held + room) : held + room;
    double part =
        kind[lane.node] == LOSSY ? dropAlpha[lane.trafficClass] : alpha[lane.trafficClass];
    return shared == 0 || shared <= part * free;
  }

  private boolean isFull(Lane ingress, long room, boolean isUnprotected) {
    return isUnprotected || ingress.headroom + room > headroomLimit[ingress.index];
  }

  /** Has a switch do without pause frames and headroom. */
  void dropWhenFull(int node) {
    for (int p = ports.first[node]; p < ports.first[node + 1]; p++) {
      capacity[node] += ports.classes * headroomLimit[p];
      headroomLimit[p] = 0;
      limits.keep(p, false, true);
    }
    kind[node] = LOSSY;
  }

  /** Leaves a switch a share of its headroom, a packet's at least; the rest is shared buffer. */
  void shrinkHeadroom(int node, double share) {
    for (int p = ports.first[node]; p < ports.first[node + 1]; p++) {
      long less = Math.max(room(largest), (long) (share * headroomLimit[p]));
      capacity[node] += ports.classes * (headroomLimit[p] - less);
      headroomLimit[p] = less;
    }
  }

  /** Frees the room of a packet. */
  void release(Lane ingress, Lane egress, int wire) {
    long room = room(wire);
    long fromHeadroom = Math.min(ingress.headroom, room);
    ingress.headroom -= fromHeadroom;
    ingress.shared -= room - fromHeadroom;
    egress.queueRoom -= room;
    usedShared[ingress.node] -= charge(ingress, egress, room - fromHeadroom);
  }

  /** Whether an input's sender is to be told to stop, and has not been. */
  boolean mustPause(Lane ingress) {
    if (ingress.headroom == 0 || ingress.pausing) {
      return false;
    }
    ingress.pausing = true;
    return true;
  }

  /** Whether an input's sender is to be told to go on, and has not been. */
  boolean mayResume(Lane ingress) {
    if (!ingress.pausing || ingress.headroom > 0 || ingress.storming) {
      return false;
    }
    int node = ingress.node;
    if (limited && limits.resumeAt[ingress.index] != CableLimits.NONE) {
      return resumesAt(ingress, (double) limits.resumeAt[ingress.index]);
    }
    double threshold =
        kind[node] == PAUSES
            ? headroomLimit[ingress.index]
            : alpha[ingress.trafficClass] * (capacity[node] - usedShared[node]);
    return resumesAt(ingress, Math.max(0, threshold - 2 * room(largest)));
  }

  private boolean resumesAt(Lane ingress, double least) {
    ingress.pausing = charged(ingress) > least;
    return !ingress.pausing;
  }

  /** How many bytes an input's headroom is meant to hold. */
  long headroomLimit(int ingress) {
    return headroomLimit[ingress];
  }

  long usedShared(int node) {
    return usedShared[node];
  }
}
