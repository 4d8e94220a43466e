package weft.experiment;

import java.util.stream.IntStream;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node;
import weft.units.Check;

/**
 * Where to capture packets: links of a fabric, both directions of each. {@code
 * experiment.capturing(Tap.gpu(3))} and then {@code run.capture()}.
 */
public final class Tap {
  private static final int USUAL = 10_000;
  private static final int MOST = 1_000_000;

  /** Which links of a fabric. */
  private interface Choice {
    int[] links(Fabric fabric);
  }

  private final String name;
  private final Choice choice;
  private final int frames;

  private Tap(String name, Choice choice, int frames) {
    this.name = name;
    this.choice = choice;
    this.frames = frames;
  }

  /** At the network ports of a GPU. */
  public static Tap gpu(int gpu) {
    return new Tap("GPU " + gpu, fabric -> network(fabric, fabric.node(gpu)), USUAL);
  }

  private static int[] network(Fabric fabric, int node) {
    return fabric.linksAt(node).stream()
        .filter(link -> !fabric.isScaleUp(fabric.links().get(link)))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** At a link, as an index into {@link Fabric#links()}. */
  public static Tap link(int link) {
    return new Tap(
        "link " + link,
        fabric -> new int[] {Check.index("link", link, fabric.links().size())},
        USUAL);
  }

  /** At all links between two nodes, by their names: {@code between("leaf0", "spine1")}. */
  public static Tap between(String one, String other) {
    Check.notNull("a node's name", one, "write between(\"leaf0\", \"spine0\")");
    Check.notNull("a node's name", other, "write between(\"leaf0\", \"spine0\")");
    return new Tap(one + " and " + other, fabric -> joining(fabric, one, other), USUAL);
  }

  private static int[] joining(Fabric fabric, String one, String other) {
    int a = named(fabric, one);
    int b = named(fabric, other);
    return IntStream.range(0, fabric.links().size())
        .filter(
            l -> {
              Link link = fabric.links().get(l);
              return (link.a() == a && link.b() == b) || (link.a() == b && link.b() == a);
            })
        .toArray();
  }

  private static int named(Fabric fabric, String name) {
    var names = fabric.nodes().stream().map(Node::name).toList();
    int node = names.indexOf(name);
    if (node < 0) {
      throw new IllegalArgumentException(
          "no node of %s is called \"%s\": they are called %s, %s ..."
              .formatted(fabric.name(), name, names.get(0), names.get(names.size() - 1)));
    }
    return node;
  }

  /** Keeping so many frames of each direction, at least 1 and at most a million; 10,000 else. */
  public Tap upTo(int count) {
    Check.atLeast(1, "the frames to keep", count, "10,000 is usual");
    if (count > MOST) {
      throw new IllegalArgumentException(
          "a tap keeps at most %,d frames of a direction, but was asked for %,d: tap fewer links for longer"
              .formatted(MOST, count));
    }
    return new Tap(name, choice, count);
  }

  int frames() {
    return frames;
  }

  /**
   * The links of this fabric that it is at.
   *
   * @throws IllegalArgumentException if there is none, or one carries no Ethernet
   */
  int[] links(Fabric fabric) {
    int[] links = choice.links(fabric);
    if (links.length == 0) {
      throw new IllegalArgumentException(
          "there is nothing to tap at %s, because no network cable ends there: see fabric.links()"
              .formatted(name));
    }
    for (int link : links) {
      if (fabric.isScaleUp(fabric.links().get(link))) {
        throw new IllegalArgumentException(
            "%s is NVLink, which has no Ethernet frames: tap a cable between NIC and leaf, such as Tap.gpu(0)"
                .formatted(name));
      }
    }
    return links;
  }

  @Override
  public String toString() {
    return "tap at " + name;
  }
}
