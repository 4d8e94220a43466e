package weft.fault;

import static weft.units.Units.ms;

import weft.units.Check;
import weft.units.Time;

/**
 * How soon a network reacts to a cable that goes down or comes back.
 *
 * @param hold how long a port waits until it takes a change for true; a shorter one is never
 *     noticed. From then on the node that the port belongs to knows
 * @param reroute how much later all routes are new
 */
public record Failover(Time hold, Time reroute) {
  /**
   * A hold time of 1 ms, routes 50 ms later. Round figures for what RFC 7938, section 7, says of
   * BGP in data centres: interfaces notice within milliseconds, routes are new within less than a
   * second.
   */
  public static final Failover DEFAULT = new Failover(ms(1), ms(50));

  /**
   * @throws IllegalArgumentException if a time is missing
   */
  public Failover {
    Check.notNull("the hold time", hold, "write for example ms(1)");
    Check.notNull("the time to reroute", reroute, "write for example ms(50)");
  }

  @Override
  public String toString() {
    return "noticed after %s, routes new %s later".formatted(hold, reroute);
  }
}
