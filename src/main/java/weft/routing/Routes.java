package weft.routing;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weft.fabric.Arrangement;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node;

/**
 * The ports that lead on by a shortest path, from every node to every GPU.
 *
 * <p>A port is one direction of a link: {@code 2 l} leads from end {@code a} of link {@code l} to
 * its end {@code b}, {@code 2 l + 1} back, so {@code port ^ 1} is the same cable's other direction.
 *
 * <p>GPUs of one server talk through their NVSwitch and only they do; GPUs never forward for
 * others. Where NICs are linked to NVSwitches (rail-only), a GPU reaches another rail through the
 * NIC of its own server that is on that rail. In a dragonfly shortest means over as few global
 * links as possible, so a path is local, global, local. On a torus paths come from coordinates.
 *
 * <p>Destinations with the same neighbours share their entries, so a table's size grows with
 * switches times leaves, not with GPUs, and a torus needs none.
 */
public final class Routes {
  private final Fabric fabric;
  private final int[] server;
  private final PortSets sets = new PortSets();
  private final NextPorts out;
  private final NextPorts up;
  private final @Nullable Detours detours;

  private Routes(Fabric fabric, BitSet avoided) {
    this.fabric = fabric;
    server = fabric.nodes().stream().mapToInt(Node::server).toArray();
    boolean[] relays = relays(fabric);
    var network =
        new Wires(
            fabric,
            (port, link, from, to) -> !avoided.get(port >> 1) && leavesServers(from, to, relays));
    var inside =
        new Wires(
            fabric,
            (port, link, from, to) ->
                !avoided.get(port >> 1)
                    && (join(from, to, Node.Role.GPU, Node.Role.NVSWITCH)
                        || join(from, to, Node.Role.ADDER, Node.Role.NVSWITCH)));
    up = new Reach(fabric, inside, sets);
    if (fabric.arrangement() instanceof Arrangement.Grid grid && avoided.isEmpty()) {
      out = new GridRoutes(fabric, grid, network, sets);
    } else {
      out = new Reach(fabric, network, sets);
    }
    detours =
        fabric.arrangement() instanceof Arrangement.Groups groups && avoided.isEmpty()
            ? new Detours(fabric, groups, network, sets)
            : null;
    sets.close();
  }

  /** By server: whether its NVSwitch is linked to NICs, so that GPUs reach those of others. */
  private static boolean[] relays(Fabric fabric) {
    int servers = 1 + fabric.nodes().stream().mapToInt(Node::server).max().orElse(Node.NO_SERVER);
    boolean[] relays = new boolean[servers];
    for (Link link : fabric.links()) {
      Node a = fabric.nodes().get(link.a());
      Node b = fabric.nodes().get(link.b());
      if (join(a, b, Node.Role.NIC, Node.Role.NVSWITCH) && a.server() != Node.NO_SERVER) {
        relays[a.server()] = true;
      }
    }
    return relays;
  }

  /** Whether two nodes are of these two roles, either way round. */
  private static boolean join(Node a, Node b, Node.Role one, Node.Role other) {
    return (a.role() == one && b.role() == other) || (a.role() == other && b.role() == one);
  }

  /** Into an NVSwitch only to leave it by a NIC. */
  private static boolean leavesServers(Node from, Node to, boolean[] relays) {
    if (from.role() == Node.Role.NVSWITCH) {
      return to.role() == Node.Role.NIC;
    }
    if (to.role() == Node.Role.NVSWITCH) {
      return from.role() == Node.Role.GPU && from.server() >= 0 && relays[from.server()];
    }
    return true;
  }

  /** The routes of a fabric. */
  public static Routes of(Fabric fabric) {
    return new Routes(fabric, new BitSet());
  }

  /**
   * The routes of a fabric around some of its links, on a torus too by search, all of them
   * shortest; where no path is left there are no ports.
   *
   * @param avoided indices into {@link Fabric#links()}
   */
  public static Routes around(Fabric fabric, BitSet avoided) {
    return new Routes(fabric, avoided);
  }

  /**
   * The equally good ports of a node towards a GPU, as a handle for {@link #count} and {@link
   * #port}.
   *
   * @param node an index into {@link Fabric#nodes()}; not the GPU's own
   * @param gpu the destination's number
   */
  public int towards(int node, int gpu) {
    int destination = fabric.node(gpu);
    if (server[node] != Node.NO_SERVER && server[node] == server[destination]) {
      int inside = up.towards(node, destination);
      if (inside != PortSets.NONE) {
        return inside;
      }
    }
    return out.towards(node, destination);
  }

  /**
   * All ports by which a packet may go on if ways that are not the shortest are allowed too: in a
   * dragonfly those over one further group, elsewhere just {@link #towards(int, int)}. Packets that
   * always take one of these arrive: no way leads back.
   *
   * @param source the number of the GPU that sent it
   */
  public int towards(int node, int source, int gpu) {
    int shortest = towards(node, gpu);
    if (detours == null || count(shortest) == 0) {
      return shortest;
    }
    return detours.around(
        node, fabric.node(source), fabric.node(gpu), shortest, endOf(port(shortest, 0)));
  }

  /** A number that GPUs share to which all routes are the same up to the last switch. */
  public int group(int gpu) {
    return out.group(fabric.node(gpu));
  }

  /** Whether a node is a last switch, or what is behind one, on the way to a GPU. */
  public boolean handsOver(int node, int gpu) {
    return out.handsOver(node, fabric.node(gpu));
  }

  /** How many ports there are to choose from; 0 where no path leads. */
  public int count(int handle) {
    return sets.count(handle);
  }

  /** Choice {@code i} of them, in the order of the links. */
  public int port(int handle, int i) {
    return sets.port(handle, i);
  }

  /** Whether a port is among those of a handle. */
  public boolean contains(int handle, int port) {
    for (int i = 0; i < count(handle); i++) {
      if (port(handle, i) == port) {
        return true;
      }
    }
    return false;
  }

  /** How many links the shortest path by a port to a GPU has, the port's own included. */
  public int hops(int port, int gpu) {
    int hops = 1;
    for (int node = endOf(port); node != fabric.node(gpu); hops++) {
      node = endOf(port(towards(node, gpu), 0));
    }
    return hops;
  }

  /** {@link #hops(int, int)} of a way among {@link #towards(int, int, int)}. */
  public int hops(int port, int source, int gpu) {
    int hops = 1;
    for (int node = endOf(port); node != fabric.node(gpu); hops++) {
      node = endOf(port(towards(node, source, gpu), 0));
    }
    return hops;
  }

  /** Whether a node is a GPU's own. */
  public boolean isAt(int node, int gpu) {
    return node == fabric.node(gpu);
  }

  /** The node that a port leads to. */
  public int endOf(int port) {
    Link link = fabric.links().get(port >> 1);
    return (port & 1) == 0 ? link.b() : link.a();
  }

  /**
   * What can flow from a port's start to a GPU by this port, bit/s: the port's rate or, if less,
   * that of the equally good ports behind it, together.
   */
  public double bitsPerSecond(int port, int gpu) {
    double rate = fabric.links().get(port >> 1).rate().bitsPerSecond();
    int node = endOf(port);
    if (node == fabric.node(gpu)) {
      return rate;
    }
    int handle = towards(node, gpu);
    double behind = 0;
    for (int i = 0; i < count(handle); i++) {
      behind += bitsPerSecond(port(handle, i), gpu);
    }
    return Math.min(rate, behind);
  }

  /** How many shortest paths lead from one GPU to another. */
  public long paths(int sourceGpu, int destinationGpu) {
    return pathsFrom(fabric.node(sourceGpu), destinationGpu, new HashMap<>());
  }

  private long pathsFrom(int node, int gpu, Map<Integer, Long> known) {
    if (node == fabric.node(gpu)) {
      return 1;
    }
    Long before = known.get(node);
    if (before != null) {
      return before;
    }
    int handle = towards(node, gpu);
    long paths = 0;
    for (int i = 0; i < count(handle); i++) {
      paths += pathsFrom(endOf(port(handle, i)), gpu, known);
    }
    known.put(node, paths);
    return paths;
  }
}
