package weft.engine.reliability;

import java.util.Arrays;

/**
 * The sending half of a connection that sends again just what is missing.
 *
 * <p>A packet is deemed lost when one sent {@code tolerance} transmissions after it is acknowledged
 * (the packet threshold of RFC 9002, section 6.1.1, where it is 3 as TCP's; 1 where the network
 * keeps the order; without limit where it does not), when the network says so, or when it has not
 * been acknowledged for a timeout. Retransmissions are found lost in the same way.
 *
 * <p>Packets are numbered from 0. Everything is arrays over the window, which grow as needed; no
 * call allocates once they have.
 */
public final class SelectiveRepeat {
  /** Nothing to send, or no packet. */
  public static final int NONE = -1;

  /** A {@code tolerance} for networks that keep no order at all. */
  public static final int ANY_ORDER = Integer.MAX_VALUE;

  private static final byte UNDER_WAY = 0;
  private static final byte ACKNOWLEDGED = 1;
  private static final byte LOST = 2;

  private final int tolerance;

  // By packet, a ring from `unacked` to `fresh`.
  private byte[] state = new byte[64];
  private int[] bytes = new int[64];
  private int[] tag = new int[64];
  private int[] order = new int[64]; // of its last transmission
  private long[] sentAt = new long[64]; // likewise, ps

  private int[] packet = new int[64]; // by transmission, a ring from `settled` to `transmissions`
  private int settled; // all transmissions before it are acknowledged, lost or sent again
  private int transmissions;
  private int reached = NONE; // the latest transmission known to have arrived

  private int unacked;
  private int fresh; // never sent from here on
  private int lost; // packets to be sent again
  private int firstLost; // none is lost before it
  private long flightBytes;
  private long ackedBytes;

  /**
   * @param tolerance transmissions by which packets may overtake each other, at least 1
   */
  public SelectiveRepeat(int tolerance) {
    this.tolerance = tolerance;
  }

  /** All packets before it are acknowledged. */
  public int unacked() {
    return unacked;
  }

  /** One past the highest packet ever sent. */
  public int fresh() {
    return fresh;
  }

  /** Payload bytes sent and neither acknowledged nor deemed lost. */
  public long flightBytes() {
    return flightBytes;
  }

  /** Payload bytes acknowledged so far, in whatever order, each once. */
  public long ackedBytes() {
    return ackedBytes;
  }

  /** Packets that are deemed lost and have not been sent again. */
  public int lost() {
    return lost;
  }

  /**
   * The packet to send next: the first that is lost, else a new one.
   *
   * @param end one past the last packet there is
   * @return {@link #NONE} if there is nothing to send
   */
  public int next(int end) {
    if (lost == 0) {
      return fresh < end ? fresh : NONE;
    }
    firstLost = Math.max(firstLost, unacked);
    while (state[at(firstLost)] != LOST) {
      firstLost++;
    }
    return firstLost;
  }

  /**
   * The packet that {@link #next} named begins to leave.
   *
   * @param payload its bytes
   * @param label any number, given back by {@link #tag}
   */
  public void sent(int psn, int payload, int label, long nowPs) {
    if (psn == fresh) {
      if (fresh - unacked == state.length) {
        growPackets();
      }
      fresh++;
    } else {
      lost--;
    }
    int i = at(psn);
    state[i] = UNDER_WAY;
    bytes[i] = payload;
    tag[i] = label;
    order[i] = transmissions;
    sentAt[i] = nowPs;
    flightBytes += payload;
    if (transmissions - settled == packet.length) {
      growTransmissions();
    }
    packet[transmissions++ & packet.length - 1] = psn;
  }

  /** The label of a packet's last transmission; its packet is not before {@link #unacked}. */
  public int tag(int psn) {
    return tag[at(psn)];
  }

  /** Whether a packet is known to have arrived. */
  public boolean isAcknowledged(int psn) {
    return psn < unacked || (psn < fresh && state[at(psn)] == ACKNOWLEDGED);
  }

  /** Whether a packet has been deemed lost and not been sent again. */
  public boolean isLost(int psn) {
    return psn >= unacked && psn < fresh && state[at(psn)] == LOST;
  }

  /**
   * An acknowledgement has come.
   *
   * @param psn the packet that it answers
   * @param expected all packets before it have arrived
   * @param stampPs when the transmission that it answers began to leave
   * @return how many packets it shows to be lost
   */
  public int acknowledge(int psn, int expected, long stampPs) {
    if (psn >= unacked && psn < fresh && sentAt[at(psn)] == stampPs) {
      reached = Math.max(reached, order[at(psn)]);
    }
    if (psn >= unacked && psn < fresh) {
      arrived(psn);
    }
    int upTo = Math.min(expected, fresh);
    for (int p = unacked; p < upTo; p++) {
      arrived(p);
    }
    while (unacked < fresh && state[at(unacked)] == ACKNOWLEDGED) {
      unacked++;
    }
    return findLost();
  }

  private void arrived(int psn) {
    int i = at(psn);
    switch (state[i]) {
      case UNDER_WAY -> flightBytes -= bytes[i];
      case LOST -> lost--;
      default -> {
        return;
      }
    }
    state[i] = ACKNOWLEDGED;
    ackedBytes += bytes[i];
  }

  private int findLost() {
    int found = 0;
    while (settled < transmissions) {
      int psn = packet[settled & packet.length - 1];
      if (isUnderWay(psn, settled)) {
        if (reached - settled < tolerance) {
          break;
        }
        lose(psn);
        found++;
      }
      settled++;
    }
    return found;
  }

  private boolean isUnderWay(int psn, int transmission) {
    int i = at(psn);
    return psn >= unacked && order[i] == transmission && state[i] == UNDER_WAY;
  }

  private void lose(int psn) {
    int i = at(psn);
    state[i] = LOST;
    flightBytes -= bytes[i];
    firstLost = lost == 0 ? psn : Math.min(firstLost, psn);
    lost++;
  }

  /**
   * The network says that it lost a packet.
   *
   * @param stampPs when the lost transmission began to leave
   * @return whether the packet was under way until now
   */
  public boolean reportLost(int psn, long stampPs) {
    boolean news =
        psn >= unacked && psn < fresh && state[at(psn)] == UNDER_WAY && sentAt[at(psn)] == stampPs;
    if (news) {
      lose(psn);
    }
    return news;
  }

  /**
   * The packet that has been under way for longest.
   *
   * @return {@link #NONE} if none is
   */
  public int oldest() {
    while (settled < transmissions) {
      int psn = packet[settled & packet.length - 1];
      if (isUnderWay(psn, settled)) {
        return psn;
      }
      settled++;
    }
    return NONE;
  }

  /** When a packet's last transmission began to leave, ps; not before {@link #unacked}. */
  public long sentPs(int psn) {
    return sentAt[at(psn)];
  }

  /**
   * Deems lost all that has been under way since a time or longer.
   *
   * @return how many packets
   */
  public int loseSentUntil(long timePs) {
    int found = 0;
    for (int psn = oldest(); psn != NONE && sentAt[at(psn)] <= timePs; psn = oldest()) {
      lose(psn);
      found++;
    }
    return found;
  }

  private int at(int psn) {
    return psn & state.length - 1;
  }

  private void growPackets() {
    int size = state.length;
    int turn = unacked & size - 1;
    state = unrolled(state, turn, new byte[2 * size]);
    bytes = unrolled(bytes, turn, new int[2 * size]);
    tag = unrolled(tag, turn, new int[2 * size]);
    order = unrolled(order, turn, new int[2 * size]);
    sentAt = unrolled(sentAt, turn, new long[2 * size]);
  }

  /** The ring, whose first element is at {@code turn}, where its packets belong in a longer one. */
  @SuppressWarnings("SuspiciousSystemArraycopy")
  private <T> T unrolled(T ring, int turn, T longer) {
    int size = fresh - unacked; // it is full
    int start = unacked & 2 * size - 1;
    int first = size - turn;
    copy(ring, turn, longer, start, first, 2 * size);
    copy(ring, 0, longer, start + first & 2 * size - 1, turn, 2 * size);
    return longer;
  }

  @SuppressWarnings("SuspiciousSystemArraycopy")
  private static void copy(Object from, int at, Object to, int start, int count, int size) {
    int straight = Math.min(count, size - start);
    System.arraycopy(from, at, to, start, straight);
    System.arraycopy(from, at + straight, to, 0, count - straight);
  }

  private void growTransmissions() {
    int size = packet.length;
    int[] longer = Arrays.copyOf(packet, 2 * size);
    for (int t = settled; t < transmissions; t++) {
      longer[t & 2 * size - 1] = packet[t & size - 1];
    }
    packet = longer;
  }
}
