package weft.transport;

import java.util.Set;
import weft.report.Digits;
import weft.units.Check;

/**
 * CUBIC, the window of most TCPs: after a cut it grows as a cubic function of time, flat around
 * where it was cut (RFC 9438).
 *
 * <ul>
 *   <li>{@code W(t) = C (t - K)³ + Wmax} packets, {@code K = ((Wmax - cwnd)/C)^(1/3)} seconds after
 *       a cut; an acknowledgement adds {@code (W(t + RTT) - cwnd)/cwnd}, the target held within
 *       cwnd and 1.5 cwnd (section 4.2).
 *   <li>Where Reno would have more, its window counts: {@code W_est += α acked/cwnd} with {@code α
 *       = 3 (1-β)/(1+β)}, 1 once it has passed the window before the cut (4.3).
 *   <li>A loss, or an echoed mark once a round trip: {@code Wmax = cwnd}, or {@code (1+β)/2 cwnd}
 *       if that is below the last Wmax (fast convergence, 4.7); {@code cwnd *= β} (4.6).
 *   <li>A timeout: as a loss, but one packet is left and slow start begins (4.8, RFC 5681).
 * </ul>
 *
 * @param c C, packets per second cubed, above 0
 * @param beta β, what a loss leaves of the window, in (0, 1)
 * @param initialPackets the window to start with, packets, at least 1
 */
public record Cubic(double c, double beta, int initialPackets) implements CongestionControl {
  /**
   * @throws IllegalArgumentException if a parameter is outside its range
   */
  public Cubic {
    Ranges.positive("CUBIC's C", c, "RFC 9438 has 0.4");
    if (!(beta > 0 && beta < 1)) {
      throw new IllegalArgumentException(
          "CUBIC's beta lies between 0 and 1, both excluded, but was %s: RFC 9438 has 0.7"
              .formatted(beta));
    }
    Check.atLeast(1, "CUBIC's initial window in packets", initialPackets, "10 is usual (RFC 6928)");
  }

  /** C 0.4, β 0.7 (RFC 9438, sections 4.1.2 and 4.6), 10 packets to start with (RFC 6928). */
  public static Cubic defaults() {
    return new Cubic(0.4, 0.7, 10);
  }

  @Override
  public Controller open(Connection connection) {
    return new CubicController(this, connection);
  }

  @Override
  public Set<Signal> signals() {
    return Set.of(Signal.ECN_ECHO, Signal.DELAY);
  }

  /** No marks: it listens to losses unless switches are told to mark. */
  @Override
  public Red marking() {
    return Red.never();
  }

  @Override
  public String parameters() {
    return "CUBIC, C %s, beta %s, starting with %d packets"
        .formatted(Digits.of(c), Digits.of(beta), initialPackets);
  }

  @Override
  public String toString() {
    return "CUBIC";
  }
}
