package weft.fabric;

import java.util.Arrays;

/**
 * How far apart the ends of a fabric are, and in how many ways they are joined, by searches over
 * its cables: NVLink is left out, so rails that nothing else joins count as apart.
 */
final class Extent {
  private static final int FAR = Integer.MAX_VALUE;

  private final Fabric fabric;
  private final SwitchGraph graph;
  private final int[] distance;
  private final double[] paths;
  private final int[] queue;

  Extent(Fabric fabric) {
    this.fabric = fabric;
    graph = SwitchGraph.ofCables(fabric);
    distance = new int[fabric.nodes().size()];
    paths = new double[distance.length];
    queue = new int[distance.length];
  }

  /** Switches on the longest of all shortest paths between GPUs; 0 where cables join GPUs. */
  int diameter() {
    if (fabric.arrangement() instanceof Arrangement.Grid grid) {
      return 1 + gridDiameter(grid);
    }
    int most = 0;
    for (int n = 0; n < distance.length; n++) {
      if (fabric.nodes().get(n).role() == Node.Role.SWITCH && hasGpu(n)) {
        most = Math.max(most, 1 + search(n));
      }
    }
    return most;
  }

  private static int gridDiameter(Arrangement.Grid grid) {
    return grid.sizes().stream().mapToInt(s -> grid.wraps() ? s / 2 : s - 1).sum();
  }

  /** Shortest paths between the first GPU's switch and the farthest that has GPUs. */
  double farPaths() {
    for (int n = 0; n < distance.length; n++) {
      if (fabric.nodes().get(n).role() == Node.Role.SWITCH && hasGpu(n)) {
        search(n);
        int farthest = n;
        for (int to = 0; to < distance.length; to++) {
          boolean farther = distance[to] != FAR && distance[to] > distance[farthest];
          if (farther && fabric.nodes().get(to).role() == Node.Role.SWITCH && hasGpu(to)) {
            farthest = to;
          }
        }
        return paths[farthest];
      }
    }
    return 1;
  }

  /** Whether a GPU, or the NIC of one, is cabled to a switch. */
  private boolean hasGpu(int node) {
    for (int i = graph.first(node); i < graph.first(node + 1); i++) {
      if (fabric.nodes().get(graph.end(i)).role() != Node.Role.SWITCH) {
        return true;
      }
    }
    return false;
  }

  /** The distance of the farthest switch with GPUs; fills distances and numbers of paths. */
  private int search(int start) {
    Arrays.fill(distance, FAR);
    Arrays.fill(paths, 0);
    distance[start] = 0;
    paths[start] = 1;
    int filled = 0;
    queue[filled++] = start;
    int most = 0;
    for (int at = 0; at < filled; at++) {
      int node = queue[at];
      for (int i = graph.first(node); i < graph.first(node + 1); i++) {
        int next = graph.end(i);
        if (fabric.nodes().get(next).role() != Node.Role.SWITCH) {
          most = Math.max(most, distance[node]);
        } else if (distance[next] == FAR) {
          distance[next] = distance[node] + 1;
          paths[next] = paths[node];
          queue[filled++] = next;
        } else if (distance[next] == distance[node] + 1) {
          paths[next] += paths[node];
        }
      }
    }
    return most;
  }
}
