package weft.routing;

import org.jspecify.annotations.Nullable;
import weft.units.Time;

/**
 * Dynamic load balancing as switch chips do it: each port gets a quality from 0 to 7 by its recent
 * load and its queue, and a burst, or every packet, draws among the ports of the best quality. It
 * knows its own switch only, not what is congested beyond (Juniper, "Dynamic Load Balancing": eight
 * bands, egress quantisation from 10 to 90 % of the rate).
 *
 * @param gap pause that ends a burst; null when every packet is placed anew
 * @param loadPercent weight of recent load in the quality, from 0 to 100; the queue has the rest
 */
public record Dynamic(@Nullable Time gap, int loadPercent) implements LoadBalancing {
  /** Quality bands of a port. */
  public static final int BANDS = 8;

  /**
   * @throws IllegalArgumentException if the gap is 0 or the weight out of range
   */
  public Dynamic {
    if (gap != null) {
      Flowlet.checkGap(gap);
    }
    if (loadPercent < 0 || loadPercent > 100) {
      throw new IllegalArgumentException(
          "the weight of load is from 0 to 100 %%, but was %d: write 50 for load and queue alike"
              .formatted(loadPercent));
    }
  }

  /** Bursts that a pause longer than this ends are placed anew; load and queue weigh alike. */
  public static Dynamic flowlet(Time gap) {
    Flowlet.checkGap(gap);
    return new Dynamic(gap, 50);
  }

  /** Every packet is placed anew; load and queue weigh alike. */
  public static Dynamic perPacket() {
    return new Dynamic(null, 50);
  }

  /** Judging ports by their queues alone. */
  public Dynamic byQueue() {
    return new Dynamic(gap, 0);
  }

  /** Judging ports by the share of their rate that was used of late alone. */
  public Dynamic byUtilisation() {
    return new Dynamic(gap, 100);
  }

  @Override
  public PortSelector open(SwitchView here) {
    var quality = new PortQuality(here, loadPercent);
    if (gap == null) {
      return quality;
    }
    var table = new FlowletTable(here, gap.ps(), Flowlet.ENTRIES);
    return (packet, n) -> table.choose(packet, n, quality);
  }

  @Override
  public Granularity granularity() {
    return gap == null ? Granularity.PACKET : Granularity.FLOWLET;
  }

  @Override
  public String toString() {
    String by =
        switch (loadPercent) {
          case 0 -> " by queue";
          case 100 -> " by utilisation";
          default -> "";
        };
    return "dynamic" + by + (gap == null ? ", per packet" : ", flowlets, gap " + gap);
  }
}
