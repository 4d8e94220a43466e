package weft.routing;

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
 * others. Destinations with the same neighbours share their entries, so a table's size grows with
 * switches times leaves, not with GPUs: 4 MB for 16,384 GPUs on 512 leaves and 512 spines.
 */
public final class Routes {
  private final Fabric fabric;
  private final int[] server;
  private final Reach out;
  private final Reach up;
  private final boolean[] scaleUp; // by node: an NVSwitch

  private Routes(Fabric fabric) {
    this.fabric = fabric;
    int nodes = fabric.nodes().size();
    server = new int[nodes];
    scaleUp = new boolean[nodes];
    for (int n = 0; n < nodes; n++) {
      server[n] = fabric.nodes().get(n).server();
      scaleUp[n] = fabric.nodes().get(n).role() == Node.Role.NVSWITCH;
    }
    out = Reach.through(fabric, fabric.links().stream().map(l -> !fabric.isScaleUp(l)).toList());
    up = Reach.through(fabric, fabric.links().stream().map(fabric::isScaleUp).toList());
  }

  /** The routes of a fabric. */
  public static Routes of(Fabric fabric) {
    return new Routes(fabric);
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
    boolean inside = scaleUp[node] || sameServer(node, destination);
    return inside ? ~up.towards(node, destination) : out.towards(node, destination);
  }

  private boolean sameServer(int node, int destination) {
    return server[node] != Node.NO_SERVER
        && server[node] == server[destination]
        && up.count(up.towards(node, destination)) > 0;
  }

  /** How many ports there are to choose from; 0 where no path leads. */
  public int count(int handle) {
    return handle < 0 ? up.count(~handle) : out.count(handle);
  }

  /** Choice {@code i} of them, in the order of the links. */
  public int port(int handle, int i) {
    return handle < 0 ? up.port(~handle, i) : out.port(handle, i);
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
    return pathsFrom(fabric.node(sourceGpu), destinationGpu);
  }

  private long pathsFrom(int node, int gpu) {
    if (node == fabric.node(gpu)) {
      return 1;
    }
    int handle = towards(node, gpu);
    long paths = 0;
    for (int i = 0; i < count(handle); i++) {
      paths += pathsFrom(endOf(port(handle, i)), gpu);
    }
    return paths;
  }
}
