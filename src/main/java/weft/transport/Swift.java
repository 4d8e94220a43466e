package weft.transport;

import static weft.units.Units.ns;
import static weft.units.Units.us;

import java.util.Set;
import org.apache.commons.math3.util.FastMath;
import weft.report.Digits;
import weft.units.Check;
import weft.units.Time;

/**
 * Swift, congestion control by delay against a target (Kumar et al., SIGCOMM 2020, Algorithm 1 and
 * section 3.5).
 *
 * <ul>
 *   <li>Target: {@link #baseTarget} + {@link #hopTarget} × hops + {@code max(0, min(a/sqrt(cwnd) -
 *       a/sqrt(fsMax), fsRange))} with {@code a = fsRange/(1/sqrt(fsMin) - 1/sqrt(fsMax))}: the
 *       more flows share a path, the smaller their windows and the longer the queue they are
 *       granted.
 *   <li>Delay below the target: {@code cwnd += ai × packets acknowledged / cwnd} (without the
 *       division below one packet).
 *   <li>Else, at most once in a round trip: {@code cwnd *= max(1 - β (delay - target)/delay, 1 -
 *       maxDecrease)}.
 *   <li>A loss costs maxDecrease; so does a timeout, and the fifth in a row leads to fsMin. A
 *       window below one packet is kept by pacing.
 * </ul>
 *
 * <p>The delay is the round trip without what the receiver took; the second window that the paper
 * keeps for busy hosts is left out, because hosts here are never busy. A queue pair starts with one
 * bandwidth-delay product.
 *
 * @param baseTarget target without hops and flow scaling
 * @param hopTarget what each switch on the path adds
 * @param ai additive increase, packets a round trip
 * @param beta multiplicative decrease, in (0, 1]
 * @param maxDecrease largest single decrease, in (0, 1]
 * @param fsRange most that flow scaling adds
 * @param fsMin window of full flow scaling, packets
 * @param fsMax window above which there is none, packets
 */
public record Swift(
    Time baseTarget,
    Time hopTarget,
    double ai,
    double beta,
    double maxDecrease,
    Time fsRange,
    double fsMin,
    double fsMax)
    implements CongestionControl {

  /**
   * @throws IllegalArgumentException if a parameter is outside its range
   */
  public Swift {
    Check.notNull("Swift's baseTarget", baseTarget, "begin with Swift.defaults()");
    Check.notNull("Swift's hopTarget", hopTarget, "begin with Swift.defaults()");
    Check.notNull("Swift's fsRange", fsRange, "begin with Swift.defaults()");
    Ranges.positive("Swift's ai", ai, "1 packet a round trip is usual");
    Ranges.share("Swift's beta", beta, "0.8 is usual");
    Ranges.share("Swift's maxDecrease", maxDecrease, "0.5 is usual");
    if (!(fsMin > 0 && fsMin < fsMax)) {
      throw new IllegalArgumentException(
          "Swift's flow scaling needs 0 < fsMin < fsMax, but they were %s and %s packets: 0.1 and 100 are usual"
              .formatted(fsMin, fsMax));
    }
  }

  /**
   * The values of htsim ({@code swift.cpp}), whose authors call them guesses where the paper is
   * silent: 20 us and 3.05 us a hop, ai 1, β 0.8, at most 0.5, flow scaling up to 100 us between
   * 100 and 0.1 packets.
   */
  public static Swift defaults() {
    return new Swift(us(20), ns(3053), 1, 0.8, 0.5, us(100), 0.1, 100);
  }

  /** The target for a window of so many packets over so many switches, ps. */
  double targetPs(double packets, int hops) {
    double atMost = 1 / FastMath.sqrt(fsMax);
    double a = fsRange.ps() / (1 / FastMath.sqrt(fsMin) - atMost);
    double scaling = a * (1 / FastMath.sqrt(packets) - atMost);
    double held = Math.max(0, Math.min((double) fsRange.ps(), scaling));
    return baseTarget.ps() + (double) hopTarget.ps() * hops + held;
  }

  @Override
  public Controller open(Connection connection) {
    return new SwiftController(this, connection);
  }

  @Override
  public Set<Signal> signals() {
    return Set.of(Signal.DELAY);
  }

  @Override
  public String parameters() {
    return "Swift, target %s + %s a hop, ai %s, beta %s, largest decrease %s, flow scaling up to %s from %s to %s packets"
        .formatted(
            baseTarget,
            hopTarget,
            Digits.of(ai),
            Digits.of(beta),
            Digits.of(maxDecrease),
            fsRange,
            Digits.of(fsMax),
            Digits.of(fsMin));
  }

  @Override
  public String toString() {
    return "Swift (target %s)".formatted(baseTarget);
  }
}
