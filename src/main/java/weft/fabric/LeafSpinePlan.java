package weft.fabric;

/**
 * The port arithmetic of a leaf-spine fabric.
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
   * @param radix ports of a switch
   * @param wantedLeaves leaves, or 0 for as many as needed
   * @param wantedSpines spines, or 0 for as few as their ports allow
   * @param oversubscription ports down over ports up
   */
  static LeafSpinePlan of(
      int gpus, int radix, int wantedLeaves, int wantedSpines, double oversubscription) {
    if (gpus == 0) {
      throw new IllegalArgumentException(
          "a fabric needs servers: call servers(8, DGX_H100) before build()");
    }
    int down = Math.min(radix - 1, (int) (radix * oversubscription / (1 + oversubscription)));
    int leaves = wantedLeaves > 0 ? wantedLeaves : (gpus + down - 1) / down;
    if ((long) leaves * down < gpus) {
      throw new IllegalArgumentException(
          ("%d GPUs need %d leaf ports facing down, but %d leaves of radix %d offer %d:"
                  + " raise leafRadix or leaves")
              .formatted(gpus, gpus, leaves, radix, (long) leaves * down));
    }
    if (leaves == 1 && wantedSpines == 0) {
      return new LeafSpinePlan(1, 0, down, 0);
    }
    int up = Math.max(1, (int) Math.floor(down / oversubscription));
    int spines = wantedSpines > 0 ? wantedSpines : fewestSpines(leaves, up, radix);
    if (spines > up) {
      throw new IllegalArgumentException(
          ("%d spines need %d uplinks from each leaf, but a leaf of radix %d has %d:"
                  + " lower spines or raise leafRadix")
              .formatted(spines, spines, radix, up));
    }
    long portsPerSpine = (long) leaves * ((up + spines - 1) / spines);
    if (portsPerSpine > radix) {
      throw new IllegalArgumentException(
          ("%d leaves put %d cables on each of %d spines, but a spine has %d ports:"
                  + " raise leafRadix or spines, or use fewer GPUs")
              .formatted(leaves, portsPerSpine, spines, radix));
    }
    if ((long) leaves * up > MOST_CABLES) {
      throw new IllegalArgumentException(
          "a fabric has at most %d cables between leaves and spines, but %d leaves with %d uplinks each need %d: lower leafRadix"
              .formatted(MOST_CABLES, leaves, up, (long) leaves * up));
    }
    return new LeafSpinePlan(leaves, spines, down, up);
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
