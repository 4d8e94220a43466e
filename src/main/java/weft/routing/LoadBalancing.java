package weft.routing;

import java.util.List;
import weft.fabric.Fabric;
import weft.units.Check;

/**
 * How a switch chooses among the ports that lead to a destination equally fast. Open to a reader's
 * own; a lambda does, here one that takes the shortest queue for each packet:
 *
 * <pre>{@code
 * LoadBalancing shortest = here -> (packet, n) -> {
 *   int best = 0;
 *   for (int i = 1; i < n; i++) {
 *     if (here.queueBytes(i) < here.queueBytes(best)) best = i;
 *   }
 *   return best;
 * };
 * runs.compare(Ecmp.fiveTuple(), shortest.named("shortest queue"))
 * }</pre>
 *
 * <p>An implementation is an immutable value; what changes during a run belongs into the {@link
 * PortSelector}, of which each switch has its own. Same seed, same choices: draw only from {@link
 * SwitchView#random}.
 */
@FunctionalInterface
public interface LoadBalancing {
  /**
   * A new selector, for one switch or for one GPU with several ports.
   *
   * @param here what it may look at, now and in every choice
   */
  PortSelector open(SwitchView here);

  /** How often it chooses; {@link Granularity#PACKET} unless overridden. */
  default Granularity granularity() {
    return Granularity.PACKET;
  }

  /**
   * Whether it chooses among all ways that {@link Routes#towards(int, int, int)} knows, in a
   * dragonfly also those over a further group, and not only among the shortest; false unless
   * overridden. What is longer needs more virtual lanes, or it may deadlock where no packet may be
   * dropped.
   */
  default boolean detours() {
    return false;
  }

  /** The queue pairs that a flow's messages go over; one unless overridden. */
  default QueuePairSplit queuePairs() {
    return QueuePairSplit.ONE;
  }

  /**
   * This policy, told before a run what will be sent: a controller places flows here. Does nothing
   * unless overridden.
   *
   * @param demands what a job will send, or all of the traffic
   * @return the policy to run with
   */
  default LoadBalancing planned(Fabric fabric, List<Demand> demands) {
    return this;
  }

  /** This policy, called so in tables and charts. */
  default LoadBalancing named(String name) {
    return new Named(Check.notNull("a name", name, "write named(\"shortest queue\")"), this);
  }

  /** What keeps its port. */
  enum Granularity {
    /**
     * A flow: the choice depends on its 5-tuple alone, so that it may be worked out once and order
     * is kept.
     */
    FLOW,
    /** A burst of a flow: the switch may choose anew after a pause, which should keep order. */
    FLOWLET,
    /** Nothing: every packet is placed on its own and may overtake those before it. */
    PACKET
  }
}
