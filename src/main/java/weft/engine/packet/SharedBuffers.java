package weft.engine.packet;

import weft.fabric.Fabric;
import weft.fabric.Node;
import weft.transport.Pfc;
import weft.transport.RoceV2;
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
 *   <li>An NVSwitch stands for credits: an input pauses above what one round trip of its cable
 *       brings, without a shared limit.
 * </ul>
 *
 * <p>A packet counts from when it passed the switch's latency until its first bit goes out. Control
 * packets have a reserve of their own and are not counted.
 */
final class SharedBuffers {
  private static final byte SINK = 0;
  private static final byte LOSSY = 1;
  private static final byte LOSSLESS = 2;
  private static final byte CREDITS = 3;

  private final byte[] kind; // by node
  private final long[] capacity; // shared part, by node
  private final long[] usedShared; // by node
  private final long[] shared; // by the port it came in by
  private final long[] headroom; // likewise
  private final long[] headroomLimit; // of an NVSwitch: its credits
  private final long[] maxHeadroom;
  private final boolean[] pausing; // the sender at the cable's other end was asked to stop
  private final double alpha;
  private final long largest; // packet on the wire
  private final Ports ports;

  SharedBuffers(Fabric fabric, RoceV2 transport, Ports ports) {
    this.ports = ports;
    int nodes = fabric.nodes().size();
    kind = new byte[nodes];
    capacity = new long[nodes];
    usedShared = new long[nodes];
    shared = new long[ports.count];
    headroom = new long[ports.count];
    headroomLimit = new long[ports.count];
    maxHeadroom = new long[ports.count];
    pausing = new boolean[ports.count];
    alpha = transport.pausing().map(Pfc::alpha).orElse(1.0);
    largest = transport.mtu().bytes() + RoceV2.OVERHEAD + RoceV2.RETH;
    for (int n = 0; n < nodes; n++) {
      capacity[n] = fabric.bufferOf(n).bytes();
      kind[n] = kindOf(fabric.nodes().get(n).role(), transport.pausing().isPresent());
    }
    reserveHeadroom();
    checkCapacity(fabric);
  }

  private static byte kindOf(Node.Role role, boolean pfc) {
    return switch (role) {
      case GPU -> SINK;
      case NVSWITCH, NIC -> CREDITS;
      case SWITCH -> pfc ? LOSSLESS : LOSSY;
    };
  }

  /** The switch's own latency delays what it notices, so it counts like cable. */
  private void reserveHeadroom() {
    for (int p = 0; p < ports.count; p++) {
      var loop = new Time((ports.delay[p] + ports.flight[ports.peer[p]]) / 2);
      headroomLimit[p] = Pfc.headroom(ports.rate[p], loop, largest);
      if (kind[ports.node[p]] == LOSSLESS) {
        capacity[ports.node[p]] -= headroomLimit[p];
      }
    }
    for (int n = 0; n < kind.length; n++) {
      if (kind[n] == CREDITS) {
        capacity[n] = Long.MAX_VALUE / 4;
      }
    }
  }

  private void checkCapacity(Fabric fabric) {
    for (int n = 0; n < kind.length; n++) {
      if (kind[n] == LOSSLESS && capacity[n] < largest) {
        throw new IllegalArgumentException(
            ("%s needs %,d B of headroom for its inputs and a packet's room to share,"
                    + " but its buffer is %,d B: raise the fabric's buffer or let RoCE be lossy")
                .formatted(
                    fabric.nodes().get(n).name(),
                    fabric.bufferOf(n).bytes() - capacity[n],
                    fabric.bufferOf(n).bytes()));
      }
    }
  }

  /** Whether this switch drops when full. */
  boolean isLossy(int node) {
    return kind[node] == LOSSY;
  }

  /** Whether a packet whose output port is idle may pass: it stays for no time. */
  boolean passes(int node, int wire) {
    return wire <= capacity[node] - usedShared[node];
  }

  /**
   * Makes room for a packet.
   *
   * @return false if it must be dropped
   */
  boolean admit(int ingress, int egress, int wire) {
    int node = ports.node[ingress];
    long free = capacity[node] - usedShared[node];
    boolean fits =
        switch (kind[node]) {
          case LOSSY -> wire <= free && ports.queueBytes[egress] + wire <= alpha * free;
          case LOSSLESS -> wire <= free && shared[ingress] + wire <= alpha * free;
          default -> shared[ingress] + wire <= headroomLimit[ingress];
        };
    if (fits) {
      shared[ingress] += wire;
      usedShared[node] += wire;
      return true;
    }
    if (kind[node] == LOSSY) {
      return false;
    }
    headroom[ingress] += wire;
    maxHeadroom[ingress] = Math.max(maxHeadroom[ingress], headroom[ingress]);
    return true;
  }

  /** Frees the room of a packet. */
  void release(int ingress, int wire) {
    long fromHeadroom = Math.min(headroom[ingress], wire);
    headroom[ingress] -= fromHeadroom;
    shared[ingress] -= wire - fromHeadroom;
    usedShared[ports.node[ingress]] -= wire - fromHeadroom;
  }

  /** Whether an input's sender is to be told to stop, and has not been. */
  boolean mustPause(int ingress) {
    if (headroom[ingress] == 0 || pausing[ingress]) {
      return false;
    }
    pausing[ingress] = true;
    return true;
  }

  /** Whether an input's sender is to be told to go on, and has not been. */
  boolean mayResume(int ingress) {
    if (!pausing[ingress] || headroom[ingress] > 0) {
      return false;
    }
    int node = ports.node[ingress];
    double threshold =
        kind[node] == CREDITS
            ? headroomLimit[ingress]
            : alpha * (capacity[node] - usedShared[node]);
    if (shared[ingress] > Math.max(0, threshold - 2 * largest)) {
      return false;
    }
    pausing[ingress] = false;
    return true;
  }

  /** Bytes of an input's packets in its switch's buffer. */
  long held(int ingress) {
    return shared[ingress] + headroom[ingress];
  }

  /** The most bytes ever in an input's headroom, and how many it is meant to hold. */
  long maxHeadroom(int ingress) {
    return maxHeadroom[ingress];
  }

  long headroomLimit(int ingress) {
    return headroomLimit[ingress];
  }

  long usedShared(int node) {
    return usedShared[node];
  }

  long shared(int ingress) {
    return shared[ingress];
  }
}
