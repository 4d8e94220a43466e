package weft.fabric;

import weft.fabric.LeafSpine.Rails;

/** Adds the networks of a {@link LeafSpine} to its assembly, switches first, then their cables. */
final class LeafSpineWiring {
  private final Assembly assembly;
  private final LeafSpine of;
  private final int perServer; // GPUs that a network has of each server
  private final int serversPerPod;
  private final LeafSpinePlan plan;
  private final CorePlan core;
  private final int[] leaves; // by network, the node of the first
  private final int[] spines;
  private final int[] cores;

  LeafSpineWiring(Assembly assembly, LeafSpine of, int networks) {
    this.assembly = assembly;
    this.of = of;
    perServer = of.rails() == Rails.APART ? 1 : of.server.gpus();
    serversPerPod = (of.servers + of.pods - 1) / of.pods;
    plan = of.podPlan(serversPerPod * perServer, this::leavesFor);
    core = of.corePlan(plan);
    leaves = switches("leaf", 1, of.pods * plan.leaves(), networks);
    spines = switches("spine", 2, of.pods * plan.spines(), networks);
    cores = switches("core", 3, core.cores(), networks);
  }

  private int[] switches(String name, int tier, int count, int networks) {
    int[] first = new int[networks];
    for (int n = 0; n < networks; n++) {
      first[n] = assembly.switches(name, of.suffix(n), tier, 0, count);
    }
    return first;
  }

  /** A rail-optimised leaf takes a port of each server, so leaves come in as many as rails. */
  private int leavesFor(int down) {
    return of.rails() == Rails.JOINED
        ? (serversPerPod + down - 1) / down * perServer
        : (serversPerPod * perServer + down - 1) / down;
  }

  /**
   * Cables a network.
   *
   * @param network which of the networks
   * @param rail the rail it belongs to where rails are apart
   */
  void add(int network, int rail) {
    for (int s = 0; s < of.servers; s++) {
      for (int i = 0; i < perServer; i++) {
        int gpu = s * of.server.gpus() + (of.rails() == Rails.APART ? rail : i);
        int leaf = s / serversPerPod * plan.leaves() + leafOf(s % serversPerPod, i);
        assembly.link(assembly.port(gpu), leaves[network] + leaf, of.portRate(), of.cable);
      }
    }
    for (int l = 0; l < of.pods * plan.leaves() && plan.spines() > 0; l++) {
      int firstSpine = spines[network] + l / plan.leaves() * plan.spines();
      for (int up = 0; up < plan.upPerLeaf(); up++) {
        assembly.link(
            leaves[network] + l, firstSpine + up % plan.spines(), of.uplinkRate(), of.cable);
      }
    }
    for (int s = 0; s < of.pods * plan.spines() && core.cores() > 0; s++) {
      for (int up = 0; up < core.upPerSpine(); up++) {
        int at = (s % plan.spines() * core.upPerSpine() + up) % core.cores();
        assembly.link(spines[network] + s, cores[network] + at, of.coreRate(), of.cable);
      }
    }
  }

  /** The leaf, within its pod, of a server's i-th GPU. */
  private int leafOf(int serverInPod, int i) {
    return of.rails() == Rails.JOINED
        ? serverInPod / plan.downPerLeaf() * perServer + i
        : (serverInPod * perServer + i) / plan.downPerLeaf();
  }
}
