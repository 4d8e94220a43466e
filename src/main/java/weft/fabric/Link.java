package weft.fabric;

import weft.units.Check;
import weft.units.Rate;
import weft.units.Time;

/**
 * A full-duplex cable between two nodes.
 *
 * @param a index of one end in {@link Fabric#nodes()}
 * @param b index of the other end
 * @param rate in each direction
 * @param delay propagation one way; light in fibre takes 5 ns a metre
 */
public record Link(int a, int b, Rate rate, Time delay) {
  /**
   * @throws IllegalArgumentException if rate or delay is missing
   */
  public Link {
    Check.notNull("a link's rate", rate, "write for example gbps(400)");
    Check.notNull("a link's delay", delay, "write for example ns(100)");
  }
}
