package weft.routing;

import java.util.Arrays;
import java.util.List;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node;

/** Some of a fabric's ports as flat arrays: by node, the ports that lead away and may be used. */
final class Wires {
  /** Which ports routes may lead over. */
  @FunctionalInterface
  interface Use {
    boolean of(int port, Link link, Node from, Node to);
  }

  final int nodes;
  final int[] end; // by port, the node it leads to
  final boolean[] usable; // by port
  final boolean[] forwards; // by node
  final int[] first; // by node, into ports; one more at the end
  final int[] ports; // usable ones that lead away, in the order of the links
  final int[] firstInto; // by node, into the following
  final int[] into; // usable ones that lead to a node

  Wires(Fabric fabric, Use use) {
    List<Node> all = fabric.nodes();
    nodes = all.size();
    int count = 2 * fabric.links().size();
    end = new int[count];
    usable = new boolean[count];
    forwards = new boolean[nodes];
    for (int n = 0; n < nodes; n++) {
      forwards[n] = all.get(n).role().forwards();
    }
    for (int port = 0; port < count; port++) {
      Link link = fabric.links().get(port >> 1);
      boolean forth = (port & 1) == 0;
      end[port] = forth ? link.b() : link.a();
      int from = forth ? link.a() : link.b();
      usable[port] = use.of(port, link, all.get(from), all.get(end[port]));
    }
    first = new int[nodes + 1];
    ports = sorted(first, 1);
    firstInto = new int[nodes + 1];
    into = sorted(firstInto, 0);
  }

  /**
   * Usable ports by the node at their start (side 1) or end (side 0), in the order of the links.
   */
  private int[] sorted(int[] starts, int side) {
    for (int port = 0; port < end.length; port++) {
      if (usable[port]) {
        starts[end[port ^ side] + 1]++;
      }
    }
    for (int n = 0; n < nodes; n++) {
      starts[n + 1] += starts[n];
    }
    int[] sorted = new int[starts[nodes]];
    int[] at = starts.clone();
    for (int port = 0; port < end.length; port++) {
      if (usable[port]) {
        sorted[at[end[port ^ side]]++] = port;
      }
    }
    return sorted;
  }

  /** Usable ports that lead away from a node. */
  int[] from(int node) {
    return Arrays.copyOfRange(ports, first[node], first[node + 1]);
  }

  /** Usable ports that lead to a node. */
  int[] into(int node) {
    return Arrays.copyOfRange(into, firstInto[node], firstInto[node + 1]);
  }

  /** How many usable ports lead away from a node. */
  int degree(int node) {
    return first[node + 1] - first[node];
  }
}
