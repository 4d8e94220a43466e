package weft.routing;

import weft.units.Check;
import weft.units.DataSize;

/**
 * What will be sent from one GPU to another, as a controller or a collective knows it before.
 *
 * @param source GPU that sends, from 0
 * @param destination GPU sent to
 * @param size in all
 * @param phase demands of one phase are under way together; those of others are not, as the steps
 *     of a collective
 */
public record Demand(int source, int destination, DataSize size, int phase) {
  /**
   * @throws IllegalArgumentException if a number is negative or the size missing
   */
  public Demand {
    Check.atLeast(0, "a demand's source", source, "GPUs are numbered from 0");
    Check.atLeast(0, "a demand's destination", destination, "GPUs are numbered from 0");
    Check.notNull("a demand's size", size, "write for example mb(1)");
    Check.atLeast(0, "a demand's phase", phase, "count phases from 0");
  }
}
