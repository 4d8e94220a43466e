package weft.job;

import weft.parallel.AxisTraffic;
import weft.parallel.AxisTraffic.Operation;
import weft.parallel.ParallelAxis;
import weft.parallel.ParallelPlan;

/** Where the ranks of an exchange sit, and what their NICs get of the network. */
interface Locality {
  /**
   * How many ranks of each group share a server, a divisor of the group's size; of a pipeline all
   * or one, since it waits for its slowest hop.
   */
  int inside(AxisTraffic row);

  /** How many times longer bytes between servers take than at the NICs' full rate, at least 1. */
  double slowdown(ParallelAxis axis);

  /** Ranks packed, tensor first and pipeline last, on NICs that always have their full rate. */
  static Locality packed(ParallelPlan plan, int perServer) {
    return new Locality() {
      @Override
      public int inside(AxisTraffic row) {
        int distance = distance(plan, row);
        if (row.operation() == Operation.SEND) {
          return distance * row.ranks() <= perServer ? row.ranks() : 1;
        }
        int most = Math.min(Math.max(1, perServer / distance), row.ranks());
        while (row.ranks() % most != 0) {
          most--;
        }
        return most;
      }

      @Override
      public double slowdown(ParallelAxis axis) {
        return 1;
      }
    };
  }

  /** From one rank of a group to the next; experts' copies are as far apart as experts are many. */
  static int distance(ParallelPlan plan, AxisTraffic row) {
    int replicas = plan.context() * plan.data();
    return switch (row.axis()) {
      case TENSOR -> 1;
      case CONTEXT, EXPERT -> plan.tensor();
      case DATA -> plan.tensor() * (row.ranks() == replicas ? 1 : plan.expert());
      case PIPELINE -> plan.tensor() * replicas;
    };
  }
}
