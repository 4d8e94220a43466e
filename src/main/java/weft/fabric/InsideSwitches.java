package weft.fabric;

import java.util.ArrayList;
import java.util.List;
import weft.units.Time;

/** Endpoints inside switches, to which packets are sent that a switch adds up or hands on. */
public final class InsideSwitches {
  private InsideSwitches() {}

  /**
   * A fabric with one for each link given, at the given end, in this order after all other
   * endpoints. Each is joined to its switch at the link's rate, so that what it sends by that link
   * never queues.
   *
   * @param links indices into {@link Fabric#links}
   * @param switches by link, which of its ends is the switch
   */
  public static Fabric join(Fabric fabric, int[] links, int[] switches) {
    List<Node> nodes = new ArrayList<>(fabric.nodes());
    List<Link> all = new ArrayList<>(fabric.links());
    for (int i = 0; i < links.length; i++) {
      Link link = fabric.links().get(links[i]);
      Node at = nodes.get(switches[i]);
      String there = nodes.get(link.other(switches[i])).name();
      all.add(new Link(nodes.size(), switches[i], link.rate(), Time.ZERO));
      nodes.add(Node.adder("%s.%d towards %s".formatted(at.name(), i, there), at.server()));
    }
    return fabric.unchecked(nodes, all);
  }

  /** The fabric as it is cabled: they are the last of all nodes, and their links of all links. */
  static Fabric without(Fabric fabric) {
    int adders = fabric.count(Node.Role.ADDER);
    return fabric.unchecked(
        fabric.nodes().subList(0, fabric.nodes().size() - adders),
        fabric.links().subList(0, fabric.links().size() - adders));
  }
}
