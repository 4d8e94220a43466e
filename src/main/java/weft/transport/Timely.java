package weft.transport;

import static weft.units.Units.bytes;
import static weft.units.Units.mbps;
import static weft.units.Units.us;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import weft.report.Digits;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/**
 * TIMELY, congestion control by the round trip's gradient (Mittal et al., SIGCOMM 2015, Algorithm
 * 1), and as Zhu et al. patched it (ECN or Delay, CoNEXT 2016, section 4.3).
 *
 * <p>Once for each {@link #segment} acknowledged, and not more often than every {@link #minRtt}:
 *
 * <ul>
 *   <li>{@code rttDiff = (1-α) rttDiff + α (RTT - previous RTT)}, gradient {@code = rttDiff /
 *       minRtt};
 *   <li>RTT below {@link #low}: {@code rate += δ}; above {@link #high}: {@code rate *= 1 - β (1 -
 *       high/RTT)};
 *   <li>between, original: {@code rate += δ} where the gradient is not above 0 (5 δ from the fifth
 *       time in a row on), else {@code rate *= 1 - β gradient};
 *   <li>between, patched: {@code rate = δ (1-w) + rate (1 - β w (RTT - low)/low)} with {@code w = 2
 *       gradient + 1/2} held within 0 and 1.
 * </ul>
 *
 * <p>In the paper a queue pair starts with the rate of its NIC divided by how many that one sends;
 * here with {@link #start}. The patch decreases so gently that flows which start with more than
 * their share fill any buffer, so {@link #startingAt} belongs to it.
 *
 * @param low T_low
 * @param high T_high, above T_low
 * @param minRtt D_minRTT, by which gradients are normalised
 * @param alpha weight of the newest difference, in (0, 1]
 * @param beta multiplicative decrease, in (0, 1]
 * @param additiveIncrease δ
 * @param segment bytes whose completion gives one RTT
 * @param between what happens between the thresholds
 * @param minimumRate below which no decrease goes
 * @param start the first rate; {@code null} for line rate
 */
public record Timely(
    Time low,
    Time high,
    Time minRtt,
    double alpha,
    double beta,
    Rate additiveIncrease,
    DataSize segment,
    Between between,
    Rate minimumRate,
    @Nullable Rate start)
    implements CongestionControl {

  /** The rule between the two thresholds. */
  public enum Between {
    /** By the gradient's sign: the original, which has no fixed point. */
    GRADIENT,
    /** By gradient and RTT together: the patched version, whose flows become equal. */
    WEIGHTED
  }

  /**
   * @throws IllegalArgumentException if a parameter is outside its range
   */
  public Timely {
    String remedy = "begin with Timely.defaults() or Timely.patched()";
    Check.notNull("TIMELY's low", low, remedy);
    Check.notNull("TIMELY's high", high, remedy);
    Check.notNull("TIMELY's minRtt", minRtt, remedy);
    Check.notNull("TIMELY's additiveIncrease", additiveIncrease, remedy);
    Check.notNull("TIMELY's segment", segment, remedy);
    Check.notNull("TIMELY's rule between the thresholds", between, remedy);
    Check.notNull("TIMELY's minimumRate", minimumRate, remedy);
    Ranges.share("TIMELY's alpha", alpha, "0.875 is the paper's");
    Ranges.share("TIMELY's beta", beta, "the paper has 0.8, its patch 0.008");
    if (low.ps() <= 0 || high.compareTo(low) <= 0 || minRtt.ps() <= 0) {
      throw new IllegalArgumentException(
          "TIMELY needs 0 < low < high and minRtt above 0, but low was %s, high %s, minRtt %s: the paper has 50 us, 500 us and 20 us"
              .formatted(low, high, minRtt));
    }
  }

  /**
   * The original with the values of Mittal et al. as Zhu et al. (CoNEXT 2016, section 4.1) reuse
   * them, for 10 Gb/s: 50 and 500 us, minimum RTT 20 us, α 0.875, β 0.8, δ 10 Mb/s, segments of 16
   * kB.
   */
  public static Timely defaults() {
    return new Timely(
        us(50),
        us(500),
        us(20),
        0.875,
        0.8,
        mbps(10),
        bytes(16_000),
        Between.GRADIENT,
        mbps(10),
        null);
  }

  /** The patched version: as {@link #defaults()}, with β 0.008. */
  public static Timely patched() {
    return new Timely(
        us(50),
        us(500),
        us(20),
        0.875,
        0.008,
        mbps(10),
        bytes(16_000),
        Between.WEIGHTED,
        mbps(10),
        null);
  }

  /** With queue pairs that start at this rate, or at their NIC's where that is lower. */
  public Timely startingAt(Rate rate) {
    Check.notNull("TIMELY's start", rate, "write for example gbps(1)");
    return new Timely(
        low, high, minRtt, alpha, beta, additiveIncrease, segment, between, minimumRate, rate);
  }

  @Override
  public Controller open(Connection connection) {
    return new TimelyController(this, connection);
  }

  @Override
  public Set<Signal> signals() {
    return Set.of(Signal.DELAY);
  }

  @Override
  public String parameters() {
    return "%s, T_low %s, T_high %s, minimum RTT %s, alpha %s, beta %s, delta %s, segment %s, minimum %s, start %s"
        .formatted(
            this,
            low,
            high,
            minRtt,
            Digits.of(alpha),
            Digits.of(beta),
            additiveIncrease,
            segment,
            minimumRate,
            start == null ? "line rate" : start);
  }

  @Override
  public String toString() {
    return between == Between.GRADIENT ? "TIMELY" : "patched TIMELY";
  }
}
