package weft.fabric;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import weft.units.Check;

/**
 * How many switches lie between GPUs by the shortest way; a search over the cables for each leaf,
 * the first time that it is asked about.
 */
public final class Crossings {
  /** What {@link #switches} gives where no cables join two GPUs, as on rails that nothing joins. */
  public static final int APART = Integer.MAX_VALUE;

  private final Fabric fabric;
  private final SwitchGraph all;
  private final SwitchGraph cables;
  private final Map<Integer, int[]> fromSwitch = new HashMap<>();
  private final int[][] switchesOf;

  private Crossings(Fabric fabric) {
    this.fabric = fabric;
    all = SwitchGraph.ofAllLinks(fabric);
    cables = SwitchGraph.ofCables(fabric);
    switchesOf = new int[fabric.gpus()][];
    Arrays.setAll(switchesOf, gpu -> switchesOf(fabric.node(gpu)));
  }

  /** Those of a fabric. */
  public static Crossings of(Fabric fabric) {
    Check.notNull("a fabric", fabric, "build one, for example Fabric.railOptimized()");
    return new Crossings(fabric);
  }

  /** Switches that a GPU, or a NIC of its own, is cabled to. */
  private int[] switchesOf(int gpu) {
    var found = Arrays.stream(ends(cables, gpu)).filter(this::isSwitch);
    var byNics =
        Arrays.stream(ends(all, gpu))
            .filter(n -> fabric.nodes().get(n).role() == Node.Role.NIC)
            .flatMap(nic -> Arrays.stream(ends(cables, nic)).filter(this::isSwitch));
    return IntStream.concat(found, byNics).distinct().toArray();
  }

  private static int[] ends(SwitchGraph graph, int node) {
    int[] ends = new int[graph.first(node + 1) - graph.first(node)];
    Arrays.setAll(ends, i -> graph.end(graph.first(node) + i));
    return ends;
  }

  private boolean isSwitch(int node) {
    return fabric.nodes().get(node).role() == Node.Role.SWITCH;
  }

  /**
   * Switches between two GPUs: 0 in a server, whose NVLink joins them, 1 under a leaf that they
   * share, 3 over a spine, {@link #APART} where there is no way.
   *
   * @throws IllegalArgumentException if there is no such GPU
   */
  public int switches(int gpu, int other) {
    if (fabric.shareServer(gpu, other)) {
      return 0;
    }
    int least = APART;
    for (int start : switchesOf[gpu]) {
      int[] distance = fromSwitch.computeIfAbsent(start, this::search);
      for (int end : switchesOf[other]) {
        least = Math.min(least, distance[end]);
      }
    }
    return least;
  }

  /** Switches from this one to each, both counted. */
  private int[] search(int start) {
    int[] distance = new int[fabric.nodes().size()];
    Arrays.fill(distance, APART);
    int[] queue = new int[distance.length];
    int filled = 0;
    distance[start] = 1;
    queue[filled++] = start;
    for (int at = 0; at < filled; at++) {
      for (int next : ends(cables, queue[at])) {
        if (isSwitch(next) && distance[next] == APART) {
          distance[next] = distance[queue[at]] + 1;
          queue[filled++] = next;
        }
      }
    }
    return distance;
  }
}
