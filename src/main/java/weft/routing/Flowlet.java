package weft.routing;

import weft.units.Check;
import weft.units.Time;

/**
 * Flowlet switching: a flow that has paused for longer than the gap goes on by another port, drawn
 * at random. No packet overtakes another if the gap is longer than paths differ in delay (Sinha et
 * al., HotNets 2004); faster paths bring more bursts, so draws settle on them (LetFlow: Vanini et
 * al., NSDI 2017). RDMA senders are paced by hardware and seldom pause, so there may be few
 * flowlets.
 *
 * @param gap shortest pause that ends a burst, above 0
 * @param entries of each switch's flowlet table, which flows share by hash, from 1
 */
public record Flowlet(Time gap, int entries) implements LoadBalancing {
  /** Entries of a flowlet table unless the reader says otherwise. */
  public static final int ENTRIES = 4096;

  private static final int MOST_ENTRIES = 1 << 20;

  /**
   * @throws IllegalArgumentException if the gap is missing or 0, or there are no entries
   */
  public Flowlet {
    checkGap(gap);
    Check.atLeast(1, "a flowlet table's entries", entries, "switches have 256 to 32768");
    if (entries > MOST_ENTRIES) {
      throw new IllegalArgumentException(
          "a flowlet table has at most %,d entries, but was given %,d: switches have 256 to 32768"
              .formatted(MOST_ENTRIES, entries));
    }
  }

  static void checkGap(Time gap) {
    Check.notNull("a flowlet's gap", gap, "write Flowlet.gap(us(50))");
    if (gap.ps() <= 0) {
      throw new IllegalArgumentException(
          "a flowlet's gap is above 0, but was %s: write us(50), or Spray.perPacket() to place every packet on its own"
              .formatted(gap));
    }
  }

  /** A burst ends when its flow pauses for longer than this. */
  public static Flowlet gap(Time shortest) {
    return new Flowlet(shortest, ENTRIES);
  }

  /** With a flowlet table of so many entries in each switch. */
  public Flowlet table(int size) {
    return new Flowlet(gap, size);
  }

  @Override
  public PortSelector open(SwitchView here) {
    var table = new FlowletTable(here, gap.ps(), entries);
    PortSelector drawn = (packet, n) -> here.random(n);
    return (packet, n) -> table.choose(packet, n, drawn);
  }

  @Override
  public Granularity granularity() {
    return Granularity.FLOWLET;
  }

  @Override
  public String toString() {
    return "flowlets, gap " + gap;
  }
}
