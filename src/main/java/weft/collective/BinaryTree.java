package weft.collective;

import java.util.function.IntUnaryOperator;

/**
 * The binary tree over ranks in their order: rank 0 is the root and has one child, odd ranks are
 * leaves, and the rank with lowest bit b is joined to those at distance b/2. Its height is
 * ceil(log2 N).
 */
final class BinaryTree {
  private final int[] parent;
  private final int[] depth;
  private final int height;

  BinaryTree(int ranks) {
    parent = new int[ranks];
    depth = new int[ranks];
    parent[0] = -1;
    int most = 0;
    for (int rank = 1; rank < ranks; rank++) {
      int bit = Integer.lowestOneBit(rank);
      int up = (rank ^ bit) | bit << 1;
      parent[rank] = up < ranks ? up : rank ^ bit;
    }
    for (int rank = 1; rank < ranks; rank++) {
      for (int r = rank; r != 0; r = parent[r]) {
        depth[rank]++;
      }
      most = Math.max(most, depth[rank]);
    }
    height = most;
  }

  /** -1 for the root. */
  int parent(int rank) {
    return parent[rank];
  }

  int depth(int rank) {
    return depth[rank];
  }

  int height() {
    return height;
  }

  /**
   * Sums up the tree and copies down again.
   *
   * @param label which rank each of the tree's nodes is
   */
  void allReduce(ScheduleBuilder builder, IntUnaryOperator label, int first, int count) {
    for (int v = 1; v < parent.length && count > 0; v++) {
      int child = label.applyAsInt(v);
      int up = label.applyAsInt(parent[v]);
      builder.reduce(height - depth[v], child, up, first, count);
      builder.copy(height + depth[v] - 1, up, child, first, count);
    }
  }
}
