package weft.routing;

import java.util.List;
import weft.fabric.Fabric;

/**
 * Cluster load balancing: leaf and spine switches that know which queue pairs a collective has open
 * and place each of its flows on a path that no other flow of the same step uses, where the fabric
 * has so many (Arista, "Cluster Load Balancing", does so on RDMA flows as they open; here the flows
 * are known from the collective's schedule). In a leaf-spine or fat-tree with as much bandwidth up
 * as down, that is possible for every step in which a GPU writes to one other and is written to by
 * one.
 *
 * <p>Found by negotiated congestion (McMurchie and Ebeling, "PathFinder", FPGA 1995): flows that
 * share a port are placed again and again, each on its cheapest path, while ports that several want
 * grow dearer. In leaf-spine fabrics that has always found such paths; in three tiers a few flows
 * of hundreds may still share a port. All queue pairs of a pair of GPUs take its path; what the
 * collective does not send is hashed.
 */
public record ClusterBalancing() implements LoadBalancing {
  /** Knows the collective. */
  public static ClusterBalancing ofCollective() {
    return new ClusterBalancing();
  }

  @Override
  public LoadBalancing planned(Fabric fabric, List<Demand> demands) {
    return new Negotiation(fabric, PathPlanner.between(demands)).paths().placed(toString());
  }

  @Override
  public PortSelector open(SwitchView here) {
    return Ecmp.fiveTuple().open(here);
  }

  @Override
  public Granularity granularity() {
    return Granularity.FLOW;
  }

  @Override
  public String toString() {
    return "cluster load balancing";
  }
}
