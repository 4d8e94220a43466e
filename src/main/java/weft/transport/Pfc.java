package weft.transport;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import weft.report.Digits;
import weft.units.Check;
import weft.units.Rate;
import weft.units.Time;

/**
 * Priority flow control (IEEE 802.1Qbb): an input that holds more than its share of the switch
 * buffer pauses the neighbour's port until it has drained.
 *
 * <p>The share is dynamic (Choudhury and Hahne, ToN 1998): pause above {@code alpha × free shared
 * buffer}, resume two packets below. What is still under way when the pause leaves is caught by a
 * headroom reserved for each input, see {@link #headroom}.
 *
 * <p>A watchdog, where there is one, drops what waits for a port that has been paused for longer
 * than {@link #detection}, and what comes for it until the pause ends, so that neither a neighbour
 * that pauses for ever nor a circle of switches that wait for each other brings the network to rest
 * (SONiC, PFC watchdog; there a port is restored some time after the last pause, here with its
 * end).
 *
 * @param alpha share of the free buffer that one input may hold, above 0; 1/8 is a common setting
 * @param watchdog how long a port may be paused; {@code null} for ever
 */
public record Pfc(double alpha, @Nullable Time watchdog) implements LinkControl {
  /** Peer response times of IEEE 802.3 annex 31B, as SONiC's headroom script tabulates them. */
  private static final long[][] RESPONSE_QUANTA = {
    {10, 67}, {25, 80}, {40, 118}, {50, 147}, {100, 394}, {200, 453}, {400, 905}
  };

  private static final int QUANTUM_BYTES = 64;

  /**
   * @throws IllegalArgumentException if alpha or the watchdog's time is not above 0
   */
  public Pfc {
    if (!(alpha > 0) || Double.isInfinite(alpha)) {
      throw new IllegalArgumentException(
          "PFC's alpha is the share of the free buffer one input may hold, a number above 0, but was "
              + alpha
              + ": 1/8 is common");
    }
    if (watchdog != null && watchdog.ps() <= 0) {
      throw new IllegalArgumentException(
          "a watchdog waits for some time, but was given %s: SONiC's example has ms(200)"
              .formatted(watchdog));
    }
  }

  /** A dynamic threshold with alpha 1/8. */
  public static Pfc dynamic() {
    return new Pfc(1.0 / 8, null);
  }

  /** With a watchdog that lets a port be paused for so long; SONiC's example has 200 ms. */
  public Pfc watchdog(Time detection) {
    Check.notNull("a watchdog's detection time", detection, "write for example ms(200)");
    return new Pfc(alpha, detection);
  }

  /** With another share of the free buffer. */
  public Pfc alpha(double share) {
    return new Pfc(share, watchdog);
  }

  /** How long a port may be paused; empty without a watchdog. */
  public Optional<Time> detection() {
    return Optional.ofNullable(watchdog);
  }

  /**
   * Bytes that may still arrive after a pause was decided on: both ways on the cable, the peer's
   * response time, and one packet being sent at each end (the terms of SONiC's {@code
   * buffer_headroom_mellanox.lua}, without its cell rounding).
   *
   * @param port the input's rate
   * @param cable its propagation delay one way
   * @param wireBytes the largest packet on the wire, at least 1
   */
  public static long headroom(Rate port, Time cable, long wireBytes) {
    Check.notNull("the input's rate", port, "write for example gbps(400)");
    Check.notNull("the cable's delay", cable, "write for example ns(500)");
    Framing.checkPacket(wireBytes);
    double onCable = 2 * cable.seconds() * port.bitsPerSecond() / 8;
    return (long)
        (Math.ceil(onCable) + (double) (responseQuanta(port) * QUANTUM_BYTES + 2 * wireBytes));
  }

  /** {@code PFC, alpha 0.125, watchdog 200 ms}. */
  @Override
  public String toString() {
    return "PFC, alpha %s%s"
        .formatted(Digits.of(alpha), watchdog == null ? "" : ", watchdog " + watchdog);
  }

  /** What a lossless transport's name says of it: all that is unusual. */
  String inName() {
    return equals(dynamic()) ? "lossless by PFC" : "lossless by " + this;
  }

  private static long responseQuanta(Rate port) {
    for (long[] row : RESPONSE_QUANTA) {
      if (port.gbps() <= row[0]) {
        return row[1];
      }
    }
    return RESPONSE_QUANTA[RESPONSE_QUANTA.length - 1][1];
  }
}
