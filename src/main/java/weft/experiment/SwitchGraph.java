package weft.experiment;

import java.util.Arrays;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node.Role;

/** The network's switches and the cables between them. */
final class SwitchGraph {
  private static final int NONE = -1;

  private final Fabric fabric;
  private final int[] start; // by node, in next
  private final int[] next;
  private final int[] distance;
  private final int[] queue;

  SwitchGraph(Fabric fabric) {
    this.fabric = fabric;
    int nodes = fabric.nodes().size();
    start = new int[nodes + 1];
    for (Link link : fabric.links()) {
      if (joins(link)) {
        start[link.a() + 1]++;
        start[link.b() + 1]++;
      }
    }
    Arrays.parallelPrefix(start, Integer::sum);
    next = new int[start[nodes]];
    int[] filled = start.clone();
    for (Link link : fabric.links()) {
      if (joins(link)) {
        next[filled[link.a()]++] = link.b();
        next[filled[link.b()]++] = link.a();
      }
    }
    distance = new int[nodes];
    queue = new int[nodes];
  }

  private boolean joins(Link link) {
    return isSwitch(link.a()) && isSwitch(link.b());
  }

  private boolean isSwitch(int node) {
    return fabric.nodes().get(node).role() == Role.SWITCH;
  }

  /** Walks from a switch to all others: distances, and if asked for, who each was reached from. */
  private void walk(int from, int[] reachedFrom) {
    Arrays.fill(distance, NONE);
    distance[from] = 0;
    int end = 0;
    queue[end++] = from;
    for (int done = 0; done < end; done++) {
      int node = queue[done];
      for (int i = start[node]; i < start[node + 1]; i++) {
        int other = next[i];
        if (distance[other] == NONE) {
          distance[other] = distance[node] + 1;
          reachedFrom[other] = node;
          queue[end++] = other;
        }
      }
    }
  }

  /**
   * The tree over some switches whose farthest is nearest to its root, and of several roots the one
   * that all are nearest to.
   *
   * @param above by node, to be filled: the switch above, for switches below the root
   */
  void tree(int[] leaves, int[] above) {
    int root = root(Arrays.stream(leaves).distinct().toArray(), new int[above.length]);
    walk(root, above);
  }

  private int root(int[] leaves, int[] unused) {
    int[] most = new int[distance.length];
    long[] sum = new long[distance.length];
    for (int leaf : leaves) {
      walk(leaf, unused);
      for (int node = 0; node < most.length; node++) {
        boolean isReached = distance[node] != NONE && most[node] != NONE;
        most[node] = isReached ? Math.max(most[node], distance[node]) : NONE;
        sum[node] += distance[node];
      }
    }
    int best = NONE;
    for (int node = 0; node < most.length; node++) {
      boolean isBetter =
          most[node] != NONE
              && isSwitch(node)
              && (best == NONE
                  || most[node] < most[best]
                  || (most[node] == most[best] && sum[node] < sum[best]));
      best = isBetter ? node : best;
    }
    if (best == NONE) {
      throw new IllegalArgumentException(
          "switches that add are joined by cables, but those of these ranks are not: place ranks on one rail, or where spines join their leaves");
    }
    return best;
  }
}
