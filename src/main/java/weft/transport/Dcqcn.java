package weft.transport;

import static weft.units.Units.gbps;
import static weft.units.Units.kb;
import static weft.units.Units.mb;
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
 * DCQCN, the congestion control of RoCEv2 (Zhu et al., SIGCOMM 2015, section 3): switches mark, the
 * receiver answers marks with CNPs, the sender cuts its rate and recovers in three phases.
 *
 * <p>A queue pair starts at line rate; α is 1 until the first CNP, whose cut so halves the rate.
 *
 * <ul>
 *   <li>On a CNP: {@code R_T = R_C; R_C = R_C (1 - α/2); α = (1-g) α + g}, the cut at most once in
 *       {@link #cutInterval}; one asked for sooner is made when the interval ends. α is 1 until the
 *       first CNP.
 *   <li>Without a CNP for {@link #alphaTimer}: {@code α = (1-g) α}.
 *   <li>At each expiry of {@link #increaseTimer} and after each {@link #byteCounter} bytes: fast
 *       recovery {@code R_C = (R_C + R_T)/2} for the first {@link #fastRecovery} events, then also
 *       {@code R_T += R_AI}, and {@code R_T += i R_HAI} once both counters are past it. Without a
 *       byte counter the timer alone counts: fast recovery, one additive increase, then hyper
 *       increases of R_HAI.
 * </ul>
 *
 * @param g gain of the congestion estimate α, in (0, 1]
 * @param alphaTimer α decays when no CNP came for so long
 * @param cutInterval least time between two cuts
 * @param increaseTimer time between increases
 * @param byteCounter bytes between increases; {@code null} when only the timer counts
 * @param clamp when a cut also lowers the target rate R_T
 * @param fastRecovery increase events before the target rate itself rises, at least 1
 * @param additiveIncrease R_AI
 * @param hyperIncrease R_HAI
 * @param minimumRate below which no cut goes
 * @param cnpInterval least time between two CNPs of one queue pair at the receiver
 * @param scaledFrom the NIC rate that both increases are meant for, from which they are scaled to
 *     the NIC in use; {@code null} when they hold for every NIC
 */
public record Dcqcn(
    double g,
    Time alphaTimer,
    Time cutInterval,
    Time increaseTimer,
    @Nullable DataSize byteCounter,
    TargetClamp clamp,
    int fastRecovery,
    Rate additiveIncrease,
    Rate hyperIncrease,
    Rate minimumRate,
    Time cnpInterval,
    @Nullable Rate scaledFrom)
    implements CongestionControl {

  /** When a cut also lowers the target rate to the rate before the cut. */
  public enum TargetClamp {
    /** At every cut, as in the paper. */
    EVERY_CUT,
    /**
     * Only at the first cut after a timer increase: cuts in a row leave the target where it was
     * (adapter settings {@code CLAMP_TGT_RATE} 0, {@code CLAMP_TGT_RATE_AFTER_TIME_INC} 1).
     */
    AFTER_TIMER_INCREASE
  }

  /**
   * @throws IllegalArgumentException if a parameter is outside its range
   */
  public Dcqcn {
    String remedy = "begin with Dcqcn.defaults() or Dcqcn.paper()";
    Check.notNull("DCQCN's alphaTimer", alphaTimer, remedy);
    Check.notNull("DCQCN's cutInterval", cutInterval, remedy);
    Check.notNull("DCQCN's increaseTimer", increaseTimer, remedy);
    Check.notNull("DCQCN's clamp", clamp, remedy);
    Check.notNull("DCQCN's additiveIncrease", additiveIncrease, remedy);
    Check.notNull("DCQCN's hyperIncrease", hyperIncrease, remedy);
    Check.notNull("DCQCN's minimumRate", minimumRate, remedy);
    Check.notNull("DCQCN's cnpInterval", cnpInterval, remedy);
    if (!(g > 0 && g <= 1)) {
      throw new IllegalArgumentException(
          "DCQCN's gain g lies above 0 and at most at 1, but was " + g + ": the paper uses 1/256");
    }
    if (fastRecovery < 1) {
      throw new IllegalArgumentException(
          "DCQCN needs at least 1 fast recovery step, but fastRecovery was "
              + fastRecovery
              + ": the paper uses 5");
    }
    positive("alphaTimer", alphaTimer.ps());
    positive("increaseTimer", increaseTimer.ps());
    if (byteCounter != null) {
      positive("byteCounter", byteCounter.bytes());
    }
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(
          "DCQCN's "
              + name
              + " must be above 0, but was "
              + value
              + ": the paper has it at 55 us or 10 MB");
    }
  }

  /**
   * NVIDIA's timers with increases that follow the NIC's rate, as the HPCC authors' simulator sets
   * them (Li et al., SIGCOMM 2019, {@code simulation/run.py} and {@code rdma-hw.cc}): α 1 us, cut 4
   * us, increase 300 us, 5 and 50 Mb/s for each 25 Gb/s of the NIC, one fast recovery step, no byte
   * counter, at least 1 Gb/s, and a target that only the first cut after an increase lowers. Two
   * things differ from that simulator: a receiver sends CNPs at least 4 us apart, as the adapters
   * do, and α rises with each of them in place of once a period.
   */
  public static Dcqcn defaults() {
    return new Dcqcn(
        1.0 / 256,
        us(1),
        us(4),
        us(300),
        null,
        TargetClamp.AFTER_TIMER_INCREASE,
        1,
        mbps(5),
        mbps(50),
        mbps(1000),
        us(4),
        gbps(25));
  }

  /**
   * The parameters of Zhu et al. (SIGCOMM 2015, as reused in CoNEXT 2016, Table 1), for 40 Gb/s
   * NICs: g 1/256, α and increase timers 55 us, byte counter 10 MB, CNPs 50 us apart, 40 and 200
   * Mb/s.
   */
  public static Dcqcn paper() {
    return new Dcqcn(
        1.0 / 256,
        us(55),
        us(50),
        us(55),
        mb(10),
        TargetClamp.EVERY_CUT,
        5,
        mbps(40),
        mbps(200),
        mbps(10),
        us(50),
        null);
  }

  /** R_AI for a NIC of this rate. */
  public Rate additiveIncrease(Rate nic) {
    return scale(additiveIncrease, nic);
  }

  /** R_HAI for a NIC of this rate. */
  public Rate hyperIncrease(Rate nic) {
    return scale(hyperIncrease, nic);
  }

  private Rate scale(Rate increase, Rate nic) {
    Check.notNull("the NIC's rate", nic, "write for example gbps(400)");
    return scaledFrom == null
        ? increase
        : increase.times((double) nic.bitsPerSecond() / scaledFrom.bitsPerSecond());
  }

  /**
   * What these rules do to one queue pair that always has something to send, when CNPs reach it at
   * these times and at no other. No network is simulated.
   *
   * @param nic the sender's line rate, at which it starts
   * @param length how long it is watched, 1 us to 100 ms
   * @param notifications when CNPs come, each within that time
   * @throws IllegalArgumentException if a time is out of range
   */
  public DcqcnTrace trace(Rate nic, Time length, Time... notifications) {
    return DcqcnTrace.of(this, nic, length, notifications);
  }

  @Override
  public Controller open(Connection connection) {
    return new DcqcnController(this, connection.nic());
  }

  @Override
  public Set<Signal> signals() {
    return Set.of(Signal.NOTIFICATION);
  }

  /** The marking profile that the source of these parameters pairs them with. */
  @Override
  public Red marking() {
    return scaledFrom == null ? Red.of(kb(5), kb(200), 0.01) : Red.scaled();
  }

  @Override
  public Time notificationInterval() {
    return cnpInterval;
  }

  @Override
  public String parameters() {
    return "DCQCN, g %s, alpha timer %s, cut interval %s, increase timer %s, byte counter %s, clamp %s, fast recovery %d, R_AI %s, R_HAI %s, minimum %s, CNP interval %s, rates for a NIC of %s"
        .formatted(
            Digits.of(g),
            alphaTimer,
            cutInterval,
            increaseTimer,
            byteCounter == null ? "none" : byteCounter,
            clamp,
            fastRecovery,
            additiveIncrease,
            hyperIncrease,
            minimumRate,
            cnpInterval,
            scaledFrom == null ? "any rate" : scaledFrom);
  }

  @Override
  public String toString() {
    return "DCQCN (g %.4g, increase timer %s, R_AI %s%s)"
        .formatted(
            g, increaseTimer, additiveIncrease, scaledFrom == null ? "" : " a " + scaledFrom);
  }
}
