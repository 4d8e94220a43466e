package weft.routing;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import weft.fabric.Arrangement.Groups;
import weft.fabric.Fabric;

/**
 * The ways of a dragonfly that are not the shortest: over one further group (Kim, Dally, Scott,
 * Abts, ISCA 2008, section 4). Where a packet is tells how far it has come, so it need not carry
 * its intermediate group:
 *
 * <ul>
 *   <li>at the first switch, of another group than the destination's, every port between switches
 *       is a way on: a global link, or a link to a switch of the group that has some;
 *   <li>at a further switch of that group it takes the link to the destination's group if there is
 *       one, otherwise any global link;
 *   <li>in other groups only the shortest ways are left.
 * </ul>
 */
final class Detours {
  private final Groups groups;
  private final int[]
      all; // by switch of the groups: its global ports and those to switches that have some
  private final int[] global; // by switch of the groups: its global ports
  private final int[] home; // by node of a GPU: its switch

  Detours(Fabric fabric, Groups groups, Wires wires, PortSets sets) {
    this.groups = groups;
    int switches = groups.groups() * groups.switchesPerGroup();
    all = new int[switches];
    global = new int[switches];
    for (int s = 0; s < switches; s++) {
      int node = groups.firstSwitch() + s;
      global[s] = set(wires, sets, node, to -> leaves(node, to));
    }
    for (int s = 0; s < switches; s++) {
      int node = groups.firstSwitch() + s;
      all[s] = set(wires, sets, node, to -> leaves(node, to) || leadsOut(to));
    }
    home = new int[wires.nodes];
    for (int gpu = 0; gpu < fabric.endpoints(); gpu++) {
      int node = fabric.node(gpu);
      int to = wires.degree(node) == 0 ? node : wires.end[wires.ports[wires.first[node]]];
      boolean nic = groups.groupOf(to) == Groups.NONE && wires.degree(to) > 0;
      home[node] = nic ? upFrom(to, wires) : to;
    }
  }

  private static int set(Wires wires, PortSets sets, int node, IntPredicate leadsTo) {
    int[] ports = wires.from(node);
    ports = IntStream.of(ports).filter(p -> leadsTo.test(wires.end[p])).toArray();
    return sets.of(ports, ports.length);
  }

  /** Whether a link from one node to another joins two groups. */
  private boolean leaves(int from, int to) {
    return groups.groupOf(to) != Groups.NONE && groups.groupOf(to) != groups.groupOf(from);
  }

  /** Whether a node is a switch with global links: others would have to come back. */
  private boolean leadsOut(int node) {
    return groups.groupOf(node) != Groups.NONE
        && global[node - groups.firstSwitch()] != PortSets.NONE;
  }

  private int upFrom(int nic, Wires wires) {
    for (int i = wires.first[nic]; i < wires.first[nic + 1]; i++) {
      if (groups.groupOf(wires.end[wires.ports[i]]) != Groups.NONE) {
        return wires.end[wires.ports[i]];
      }
    }
    return nic;
  }

  /**
   * All ways on.
   *
   * @param shortest the shortest ones, a set
   * @param firstOf the node that the first of them leads to
   */
  int around(int node, int source, int destination, int shortest, int firstOf) {
    int here = groups.groupOf(node);
    if (here == Groups.NONE
        || here != groups.groupOf(home[source])
        || here == groups.groupOf(home[destination])) {
      return shortest;
    }
    if (node == home[source] && all[node - groups.firstSwitch()] != PortSets.NONE) {
      return all[node - groups.firstSwitch()];
    }
    boolean direct = groups.groupOf(firstOf) != here;
    int leaving = global[node - groups.firstSwitch()];
    return direct || leaving == PortSets.NONE ? shortest : leaving;
  }
}
