package weft.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import weft.experiment.Frontier.Held;
import weft.fabric.Fabric;
import weft.fabric.Node;
import weft.routing.Routes;

/**
 * All shortest paths between two GPUs at once: each node deals what reaches it evenly to the ports
 * that lead on. Ports as far from the source that get as much are a bundle. From a first switch to
 * a last one the paths of all GPUs behind them are the same, so that part is found once.
 */
final class EvenSpread {
  private final Fabric fabric;
  private final PortStates states;
  private final PortBundles bundles;
  private final Routes healthy;
  private final Map<Stretch, Between> known = new HashMap<>();
  private final long[] rate; // by link, bit/s
  private final int[] end; // by port: the node that it leads to

  // Of the step at hand.
  private Frontier here;
  private Frontier next;
  private final Frontier stopped;
  private int[] ports = new int[64];
  private double[] shares = new double[64];
  private int count;
  private double arrived;

  /**
   * Where a node's way to GPUs of a group leads, routes being what they are.
   *
   * @param group of GPUs in the routes of now
   * @param healthyGroup and in those from before anything happened, which nodes fall back to
   */
  private record Stretch(int node, int group, int healthyGroup) {}

  /**
   * From a switch to the last ones.
   *
   * @param parts of what leaves the switch
   * @param ends the last ones, and what reaches each of it
   */
  private record Between(PortParts parts, Held ends) {}

  /** Of ports that are a bundle: what each gets and carries. */
  private record Kind(double share, long bitsPerSecond) {}

  EvenSpread(Fabric fabric, PortStates states, PortBundles bundles) {
    this.fabric = fabric;
    this.states = states;
    this.bundles = bundles;
    this.healthy = states.healthy();
    rate = fabric.links().stream().mapToLong(link -> link.rate().bitsPerSecond()).toArray();
    end = new int[2 * rate.length];
    Arrays.setAll(end, healthy::endOf);
    here = new Frontier(fabric.nodes().size());
    next = new Frontier(fabric.nodes().size());
    stopped = new Frontier(fabric.nodes().size());
  }

  /** Ports or routes are no longer what they were. */
  void forget() {
    known.clear();
  }

  /** Adds ways of what a GPU sends to another. Says which share of it arrives. */
  double add(PortParts to, int source, int destination, double amount) {
    arrived = 0;
    here.add(fabric.node(source), amount);
    Held firsts = walk(to, destination, this::isSwitch);
    double before = arrived;
    Between[] ways = new Between[firsts.nodes().length];
    Arrays.setAll(ways, i -> between(firsts.nodes()[i], destination));
    arrived = before;
    for (int i = 0; i < ways.length; i++) {
      to.add(ways[i].parts, firsts.amounts()[i]);
      Held ends = ways[i].ends;
      for (int e = 0; e < ends.nodes().length; e++) {
        here.add(ends.nodes()[e], firsts.amounts()[i] * ends.amounts()[e]);
      }
    }
    walk(to, destination, node -> false);
    return Math.abs(arrived - amount) < 1e-12 * amount ? 1 : arrived / amount;
  }

  private boolean isSwitch(int node) {
    return fabric.nodes().get(node).role() == Node.Role.SWITCH;
  }

  private Between between(int node, int destination) {
    Routes now = states.routes();
    var stretch = new Stretch(node, now.group(destination), healthy.group(destination));
    Between found = known.get(stretch);
    if (found == null) {
      var parts = new PortParts();
      here.add(node, 1);
      IntPredicate isLast =
          n -> now.handsOver(n, destination) || healthy.handsOver(n, destination) || !isSwitch(n);
      found = new Between(parts, walk(parts, destination, isLast));
      known.put(stretch, found);
    }
    return found;
  }

  /**
   * From node to node, one step of all at a time, until all is at nodes where it stops, or has
   * arrived. Says what is where then.
   */
  private Held walk(PortParts parts, int destination, IntPredicate stops) {
    while (here.size() > 0) {
      count = 0;
      for (int i = 0; i < here.size(); i++) {
        if (stops.test(here.node(i))) {
          stopped.add(here.node(i), here.amount(i));
        } else {
          leave(here.node(i), here.amount(i), destination);
        }
      }
      bundle(parts);
      Frontier done = here;
      here = next;
      next = done;
      next.clear();
    }
    Held held = stopped.held();
    stopped.clear();
    return held;
  }

  private void leave(int node, double amount, int destination) {
    int[] ahead = states.ahead(node, destination);
    double share = amount / ahead.length;
    if (count + ahead.length > ports.length) {
      ports = Arrays.copyOf(ports, 2 * (count + ahead.length));
      shares = Arrays.copyOf(shares, ports.length);
    }
    for (int port : ahead) {
      ports[count] = port;
      shares[count++] = share;
      double kept = share * states.kept(port);
      if (healthy.isAt(end[port], destination)) {
        arrived += kept;
      } else if (kept > 0) {
        next.add(end[port], kept);
      }
    }
  }

  /** The ports of a step, those that get and carry as much together. */
  private void bundle(PortParts parts) {
    boolean areAlike = true;
    for (int i = 1; i < count; i++) {
      areAlike &= shares[i] == shares[0] && rate[ports[i] >> 1] == rate[ports[0] >> 1];
    }
    if (count > 0 && areAlike) {
      parts.add(bundles.of(Arrays.copyOf(ports, count)), shares[0]);
    } else if (count > 0) {
      Map<Kind, List<Integer>> alike = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        var kind = new Kind(shares[i], rate[ports[i] >> 1]);
        alike.computeIfAbsent(kind, k -> new ArrayList<>()).add(ports[i]);
      }
      alike.forEach(
          (kind, set) ->
              parts.add(bundles.of(set.stream().mapToInt(p -> p).toArray()), kind.share));
    }
  }
}
