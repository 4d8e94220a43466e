package weft.collective;

import java.util.List;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/**
 * The alpha-beta model: a round takes a latency, and bytes over a rate, as if each rank had the
 * network for itself (Hockney, Parallel Computing 1994). What ranks do to each other where they
 * share a cable is not in it: an experiment shows that.
 *
 * @param ranks that take part, at least 2
 * @param latency α, of each round
 * @param rate of a rank's port, 1/β
 */
public record AlphaBeta(int ranks, Time latency, Rate rate) {
  /**
   * @throws IllegalArgumentException if there are fewer than 2 ranks
   */
  public AlphaBeta {
    Check.atLeast(2, "ranks", ranks, "one rank has nobody to send to");
    Check.notNull("a latency", latency, "write for example us(1)");
    Check.notNull("a port's rate", rate, "write for example gbps(400)");
  }

  /** See {@link AlphaBeta}. */
  public static AlphaBeta of(int ranks, Time latency, Rate rate) {
    return new AlphaBeta(ranks, latency, rate);
  }

  /** The time of a collective on arrays of this size; additions are for free. */
  public Time time(Collective collective, DataSize size) {
    Check.notNull("a collective", collective, "write for example AllReduce.ring()");
    return collective.cost(ranks, size).time(latency, rate);
  }

  /**
   * Collectives that do the same, side by side over all sizes from 8 B to 1 GiB.
   *
   * @param collectives one or more
   */
  public Crossovers compare(Collective... collectives) {
    Check.noneNull("collectives", collectives, "write AllReduce.ring(), AllReduce.tree()");
    return new Crossovers(this, List.of(collectives));
  }

  @Override
  public String toString() {
    return "%d ranks, %s a round, %s".formatted(ranks, latency, rate);
  }
}
