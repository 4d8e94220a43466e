package weft.fabric;

import weft.report.Digits;

/**
 * The port arithmetic above the spines of pods.
 *
 * @param cores core switches
 * @param upPerSpine ports of a spine that face cores
 */
record CorePlan(int cores, int upPerSpine) {
  /** Without a third tier. */
  static final CorePlan NONE = new CorePlan(0, 0);

  /**
   * @param pods pods to join, at least 2
   * @param pod what is in each
   * @param spineRadix ports of a spine
   * @param coreRadix ports of a core
   * @param oversubscription ports of a spine down over ports up
   * @param wanted cores, or 0 for as few as their ports allow
   */
  static CorePlan of(
      int pods,
      LeafSpinePlan pod,
      int spineRadix,
      int coreRadix,
      double oversubscription,
      int wanted) {
    int down = pod.leaves() * ((pod.upPerLeaf() + pod.spines() - 1) / pod.spines());
    int up = Math.max(1, (int) (down / oversubscription));
    if (down + up > spineRadix) {
      throw new IllegalArgumentException(
          "a spine has %d cables to leaves and, at %s : 1, %d to cores, but %d ports: raise spineRadix or podOversubscription"
              .formatted(down, Digits.of(oversubscription), up, spineRadix));
    }
    int perPod = pod.spines() * up;
    int cores = wanted > 0 ? wanted : fewest(pods, perPod, coreRadix);
    if (cores > perPod) {
      throw new IllegalArgumentException(
          "%d cores need %d cables from each pod, but %d spines with %d uplinks have %d: lower cores"
              .formatted(cores, cores, pod.spines(), up, perPod));
    }
    long ports = (long) pods * ((perPod + cores - 1) / cores);
    if (ports > coreRadix) {
      throw new IllegalArgumentException(
          "%d pods put %d cables on each of %d cores, but a core has %d ports: raise coreRadix or cores, or join fewer pods"
              .formatted(pods, ports, cores, coreRadix));
    }
    return new CorePlan(cores, up);
  }

  /** The fewest that have the ports and take an equal share of every pod's uplinks. */
  private static int fewest(int pods, int perPod, int radix) {
    for (int cores = 1; cores < perPod; cores++) {
      if (perPod % cores == 0 && (long) pods * (perPod / cores) <= radix) {
        return cores;
      }
    }
    return perPod;
  }
}
