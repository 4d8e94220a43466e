package weft.routing;

import java.util.Arrays;

/**
 * Packet spraying: each packet takes the next port or draws one, whatever flow it belongs to and
 * whatever waits there. Packets overtake each other; the receiver has to place them as they come.
 * Dixit et al., "On the impact of packet spraying in data center networks", INFOCOM 2013.
 *
 * @param turn what decides
 */
public record Spray(Turn turn) implements LoadBalancing {
  /** What decides which port a packet takes. */
  public enum Turn {
    /** A uniform draw. */
    RANDOM,
    /** One after the other. */
    ROUND_ROBIN
  }

  /** A uniform draw for each packet at each switch. */
  public static Spray perPacket() {
    return new Spray(Turn.RANDOM);
  }

  /**
   * Each switch gives its ports out in turn, from a drawn first one on. Even shares of packets, not
   * of bytes.
   */
  public static Spray roundRobin() {
    return new Spray(Turn.ROUND_ROBIN);
  }

  @Override
  public PortSelector open(SwitchView here) {
    return turn == Turn.RANDOM ? (packet, n) -> here.random(n) : new RoundRobin(here);
  }

  @Override
  public String toString() {
    return turn == Turn.RANDOM ? "per-packet spray" : "round-robin spray";
  }

  /** A pointer for each group of ports, by the first of them. */
  private static final class RoundRobin implements PortSelector {
    private static final int UNUSED = -1;

    private final SwitchView here;
    private final int[] last;

    RoundRobin(SwitchView here) {
      this.here = here;
      last = new int[here.ports()];
      Arrays.fill(last, UNUSED);
    }

    @Override
    public int choose(PacketView packet, int n) {
      int group = here.port(0);
      int next = last[group] == UNUSED ? here.random(n) : (last[group] + 1) % n;
      last[group] = next;
      return next;
    }
  }
}
