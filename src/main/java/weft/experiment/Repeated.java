package weft.experiment;

import weft.fabric.Fabric;
import weft.units.Check;
import weft.units.Time;

/**
 * Flows that come again and again: see {@link Traffic#every}.
 *
 * @param traffic one burst
 * @param every time from one burst's start to the next
 */
public record Repeated(Traffic traffic, Time every) implements Background {
  /**
   * @throws IllegalArgumentException if the interval is not above 0
   */
  public Repeated {
    Check.notNull("traffic", traffic, "write Traffic.permutation(16, mb(1), 1).every(us(100))");
    Check.notNull("an interval", every, "write for example us(100)");
    Bursts.check("repeated traffic's", every);
  }

  @Override
  public String name() {
    return traffic.name();
  }

  @Override
  public Traffic burst(int[] busy, Fabric fabric, long seed) {
    for (Flow flow : traffic.flows()) {
      fabric.node(flow.source()); // refuses a GPU that does not exist
      fabric.node(flow.destination());
    }
    return traffic;
  }

  @Override
  public String toString() {
    return "%s every %s".formatted(traffic, every);
  }
}
