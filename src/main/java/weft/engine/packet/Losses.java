package weft.engine.packet;

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
    while (repaired && draws.uniform(port.index) < port.lossProbability) {
      port.linkRetries++;
      ps += 2 * ports.delay[port.index] + port.serialise(wire);
    }
    return ps;
  }

  /** Whether a packet that leaves by a port is lost for good. */
  boolean loses(Port port) {
    if (repaired || draws.uniform(port.index) >= port.lossProbability) {
      return false;
    }
    port.lost++;
    return true;
  }
}
