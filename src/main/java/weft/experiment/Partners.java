package weft.experiment;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import weft.routing.Demand;

/** To how many others each GPU sends, and from how many it receives, in a whole run. */
final class Partners {
  private final Set<Long> pairs = new HashSet<>();
  private final int[] receivers; // by sender
  private final int[] senders; // by receiver

  Partners(int endpoints, List<Demand> demands) {
    receivers = new int[endpoints];
    senders = new int[endpoints];
    for (Demand demand : demands) {
      if (pairs.add(pair(demand.source(), demand.destination()))) {
        receivers[demand.source()]++;
        senders[demand.destination()]++;
      }
    }
  }

  private static long pair(int source, int destination) {
    return (long) source << 32 | destination;
  }

  /**
   * The part of its ends' rate that one pair has if they divide it evenly among all theirs; 0 for a
   * pair of which nothing is known.
   */
  double part(int source, int destination) {
    return pairs.contains(pair(source, destination))
        ? 1.0 / Math.max(receivers[source], senders[destination])
        : 0;
  }
}
