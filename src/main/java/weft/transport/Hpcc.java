package weft.transport;

import static weft.units.Units.gbps;
import static weft.units.Units.mbps;

import java.util.Set;
import weft.report.Digits;
import weft.units.Check;
import weft.units.Rate;

/**
 * HPCC, high precision congestion control by in-band telemetry (Li et al., SIGCOMM 2019, Algorithm
 * 1).
 *
 * <p>With each acknowledgement, for every port i that the packet passed: {@code u_i = min(queue
 * now, queue before)/(B T) + txRate/B}; the largest is averaged over the base round trip T into U.
 * Where {@code U >= η}, or {@link #maxStage} rounds added only: {@code W = Wc η/U + W_AI}, else
 * {@code W = Wc + W_AI}. The reference Wc becomes W once a round trip. The pace is W/T.
 *
 * <p>A queue pair starts with a window of one bandwidth-delay product.
 *
 * @param eta target utilisation η, in (0, 1]
 * @param maxStage rounds of additive increase in a row before a multiplicative one, at least 0
 * @param additiveIncrease W_AI as a rate: each step adds what this rate sends in a base round trip
 * @param scaledFrom the NIC rate for which the increase is meant, from which it is scaled to the
 *     NIC in use
 */
public record Hpcc(double eta, int maxStage, Rate additiveIncrease, Rate scaledFrom)
    implements CongestionControl {

  /**
   * @throws IllegalArgumentException if a parameter is outside its range
   */
  public Hpcc {
    Ranges.share("HPCC's target utilisation eta", eta, "the paper has 0.95");
    Check.atLeast(0, "HPCC's maxStage", maxStage, "the paper has 5");
    Check.notNull("HPCC's additiveIncrease", additiveIncrease, "begin with Hpcc.defaults()");
    Check.notNull("HPCC's scaledFrom", scaledFrom, "begin with Hpcc.defaults()");
  }

  /**
   * η 0.95, 5 stages (the paper's) and 10 Mb/s for each 25 Gb/s of the NIC (the authors' simulator,
   * {@code run.py}).
   */
  public static Hpcc defaults() {
    return new Hpcc(0.95, 5, mbps(10), gbps(25));
  }

  @Override
  public Controller open(Connection connection) {
    return new HpccController(this, connection);
  }

  @Override
  public Set<Signal> signals() {
    return Set.of(Signal.TELEMETRY);
  }

  @Override
  public String parameters() {
    return "HPCC, eta %s, %d additive stages, W_AI %s for a NIC of %s"
        .formatted(Digits.of(eta), maxStage, additiveIncrease, scaledFrom);
  }

  @Override
  public String toString() {
    return "HPCC (eta %s)".formatted(Digits.of(eta));
  }
}
