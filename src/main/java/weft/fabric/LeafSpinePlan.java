package weft.fabric;

/**
 * The port arithmetic of one leaf-spine network.
 *
 * @param leaves leaves
 * @param spines spines; 0 when one leaf holds all GPUs
 * @param downPerLeaf ports of a leaf that face GPUs
 * @param upPerLeaf ports of a leaf that face spines
 */
record LeafSpinePlan(int leaves, int spines, int downPerLeaf, int upPerLeaf) {
  private static final int MOST_CABLES = 1 << 22;

  /**
   * @param gpus GPUs to connect
   * @param leavesFor how many leaves so many GPUs fill at so many ports each
   * @param leaf ports of a leaf
   * @param spinePorts ports of a spine that may face leaves
   * @param wantedLeaves leaves, or 0 for as many as needed
   * @param wantedSpines spines, or 0 for as few as their ports allow
   * @param alone whether a single leaf needs no spines
   */
  static LeafSpinePlan of(
      int gpus,
      LeavesFor leavesFor,
      LeafPorts leaf,
      int spinePorts,
      int wantedLeaves,
      int wantedSpines,
      boolean alone) {
    if (gpus == 0) {
      throw new IllegalArgumentException(
          "a fabric needs servers: call servers(8, DGX_H100) before build()");
    }
    int needed = leavesFor.at(leaf.down());
    int leaves = wantedLeaves > 0 ? wantedLeaves : needed;
    if (leaves < needed) {
      throw new IllegalArgumentException(
          ("%d GPUs need %d leaf ports facing down, but %d leaves of radix %d offer %d:"
                  + " raise leafRadix or leaves")
              .formatted(gpus, gpus, leaves, leaf.radix(), (long) leaves * leaf.down()));
    }
    if (leaves == 1 && wantedSpines == 0 && alone) {
      return new LeafSpinePlan(1, 0, leaf.down(), 0);
    }
    int up = leaf.up();
    int spines = wantedSpines > 0 ? wantedSpines : fewestSpines(leaves, up, spinePorts);
    if (spines > up) {
      throw new IllegalArgumentException(
          ("%d spines need %d uplinks from each leaf, but a leaf of radix %d has %d:"
                  + " lower spines or raise leafRadix")
              .formatted(spines, spines, leaf.radix(), up));
    }
    long portsPerSpine = (long) leaves * ((up + spines - 1) / spines);
    if (portsPerSpine > spinePorts) {
      throw new IllegalArgumentException(
          ("%d leaves put %d cables on each of %d spines, but a spine has %d ports%s:"
                  + " raise leafRadix or spines, use fewer GPUs, or join %s")
              .formatted(
                  leaves,
                  portsPerSpine,
                  spines,
                  spinePorts,
                  alone ? "" : " that face leaves",
                  alone ? "pods by pods(4)" : "more pods"));
    }
    if ((long) leaves * up > MOST_CABLES) {
      throw new IllegalArgumentException(
          "a fabric has at most %d cables between leaves and spines, but %d leaves with %d uplinks each need %d: lower leafRadix"
              .formatted(MOST_CABLES, leaves, up, (long) leaves * up));
    }
    return new LeafSpinePlan(leaves, spines, leaf.down(), up);
  }

  /** How many leaves the GPUs fill. */
  interface LeavesFor {
    /** Leaves, if each has so many ports that face GPUs. */
    int at(int down);
  }

  /**
   * How a leaf's ports are shared out.
   *
   * @param down ports that face GPUs
   * @param up ports that face spines
   * @param radix ports in all
   */
  record LeafPorts(int down, int up, int radix) {
    /** So many ports, shared out by a ratio of ports down over ports up. */
    static LeafPorts shared(int radix, double oversubscription) {
      int down =
          Math.max(
              1, Math.min(radix - 1, (int) (radix * oversubscription / (1 + oversubscription))));
      int up = Math.max(1, (int) Math.min(radix - down, Math.floor(down / oversubscription)));
      return new LeafPorts(down, up, radix);
    }
  }

  /** The fewest that have the ports and take an equal share of every leaf's uplinks. */
  private static int fewestSpines(int leaves, int up, int radix) {
    for (int spines = 1; spines < up; spines++) {
      if (up % spines == 0 && (long) leaves * (up / spines) <= radix) {
        return spines;
      }
    }
    return up;
  }
}
