package weft.transport;

import static weft.units.Units.gbps;
import static weft.units.Units.kb;

import java.util.Set;
import weft.report.Digits;

/**
 * NSCC, network signal congestion control of Ultra Ethernet: a window that follows the ECN mark and
 * the queueing delay of each acknowledgement. Rules and figures are those of the UEC transport
 * group's simulator (uet-htsim, {@code uec.cpp}), which is public but not the standard.
 *
 * <p>With {@code a = BDP/150 kB}, {@code b = target/12 us}, the target a share of the base round
 * trip, MSS the payload of a packet, delay the round trip above its base:
 *
 * <ul>
 *   <li>no mark, delay below target: proportional increase by {@code 4 MSS a b (1 - delay/target)}
 *       a window acknowledged; a whole window of delays below 1 us: by 0.25 a of what is
 *       acknowledged;
 *   <li>no mark, delay at target or above: fair increase by {@code 5 MSS a} a window;
 *   <li>mark, delay at target or above: {@code cwnd *= max(1 - γ (avg - target)/avg, 0.5)}, at most
 *       once a base round trip, avg being the smoothed delay;
 *   <li>mark, delay below target: nothing (a sprayed packet changes its path).
 * </ul>
 *
 * <p>Increases take effect after 8 packets or a base round trip, with {@code 0.15 MSS a} more each
 * base round trip. Quick adapt: if in {@code base + target} less than an eighth of the largest
 * window has arrived and the delay exceeds four targets, or something was lost, the window becomes
 * what has arrived. A loss costs a packet. The window starts at and never exceeds 1.5 BDP.
 *
 * @param target queueing delay aimed at, as a share of the base round trip, above 0; 0.75 where
 *     switches trim, else 1
 * @param gamma γ, gain of the multiplicative decrease, in (0, 1]
 * @param smoothing weight of the newest delay in the average, in (0, 1]
 */
public record Nscc(double target, double gamma, double smoothing) implements CongestionControl {
  /**
   * @throws IllegalArgumentException if a parameter is outside its range
   */
  public Nscc {
    Ranges.positive("NSCC's target, a share of the base round trip,", target, "0.75 or 1 is usual");
    Ranges.share("NSCC's gamma", gamma, "0.8 is usual");
    Ranges.share("NSCC's smoothing", smoothing, "0.0125 is usual");
  }

  /** Target 1 base round trip, γ 0.8, smoothing 0.0125: for switches that do not trim. */
  public static Nscc defaults() {
    return new Nscc(1, 0.8, 0.0125);
  }

  /** Target 0.75 base round trips, for switches that trim. */
  public static Nscc trimming() {
    return new Nscc(0.75, 0.8, 0.0125);
  }

  @Override
  public Controller open(Connection connection) {
    return new NsccController(this, connection);
  }

  @Override
  public Set<Signal> signals() {
    return Set.of(Signal.ECN_ECHO, Signal.DELAY);
  }

  /** From 0.2 to 0.8 of the 150 kB that 100 Gb/s and 12 us make, all marked above. */
  @Override
  public Red marking() {
    return new Red(kb(30), kb(120), 1, gbps(100));
  }

  @Override
  public String parameters() {
    return "NSCC, target %s base round trips, gamma %s, smoothing %s"
        .formatted(Digits.of(target), Digits.of(gamma), Digits.of(smoothing));
  }

  @Override
  public String toString() {
    return "NSCC (target %s RTT)".formatted(Digits.of(target));
  }
}
