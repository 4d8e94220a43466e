package weft.engine.packet;

import org.apache.commons.math3.util.FastMath;
import weft.sim.RandomStreams;

/**
 * Packets that cables destroy, drawn for each port by itself. Where links repair them, the
 * receiving end asks for what is missing and the sending end replays from there (link-level retry
 * of Ultra Ethernet 1.0), so that a loss costs the port a round trip of the cable and the packet
 * again. Grants of credit are not lost: a real one is a running total, which the next repeats.
 */
final class Losses {
  private final Ports ports;
  private final Draws draws;
  private final boolean repaired;

  Losses(Ports ports, RandomStreams streams, boolean repaired) {
    this.ports = ports;
    this.draws = new Draws(streams.named("loss"), ports.count);
    this.repaired = repaired;
  }

  /** How long a packet that is about to leave waits because its link has to repeat it, ps. */
  long linkRetries(Port port, int wire) {
    long ps = 0;
    double probability = repaired && !port.dead ? probability(port, wire) : 0;
    while (probability > 0 && draws.uniform(port.index) < probability) {
      port.tally.linkRetries++;
      ps += 2 * ports.delay[port.index] + port.serialise(wire);
    }
    return ps;
  }

  /** Whether so many bytes that leave by a port are lost for good. */
  boolean loses(Port port, int wire) {
    double probability = repaired ? 0 : probability(port, wire);
    return probability > 0 && draws.uniform(port.index) < probability;
  }

  /** With a bit error rate b, n bits are lost with 1 - (1 - b)^n. */
  static double probability(Port port, int wire) {
    if (port.impairment.logBitKept == 0) {
      return port.impairment.lossProbability;
    }
    double kept =
        FastMath.log1p(-port.impairment.lossProbability) + 8.0 * wire * port.impairment.logBitKept;
    return -FastMath.expm1(kept);
  }
}
