package weft.job;

import weft.cluster.Server;
import weft.parallel.AxisTraffic;
import weft.parallel.AxisTraffic.Operation;
import weft.parallel.ParallelAxis;
import weft.parallel.ParallelPlan;

/**
 * How long exchanges take by closed forms: a latency a step and bytes over rate (Hockney), rings
 * inside the server's NVLink domain and rings between servers of what is left (Thakur et al.,
 * IJHPCA 2005). Ranks are packed, tensor first and pipeline last.
 *
 * <p>NCCL counts on 20 to 20.6 GB/s of a 25 GB/s NVLink and measures 47 of a NIC's 50 GB/s; its
 * ring takes 3.4 us a step over NVLink and 14 us over a network (NCCL, tuning.cc and topo.h).
 */
final class AxisTime {
  private static final double NVLINK_SHARE = 0.8;
  static final double NIC_SHARE = 0.94;
  private static final double NVLINK_STEP = 3.4e-6;
  private static final double NIC_STEP = 14e-6;

  private final ParallelPlan plan;
  private final int perServer;
  private final double nvlink;
  private final double nic;

  AxisTime(ParallelPlan plan, Server server) {
    this.plan = plan;
    perServer = server.gpus();
    nvlink = NVLINK_SHARE * server.accelerator().scaleUp().bitsPerSecond() / 8;
    nic = NIC_SHARE * server.nic().bitsPerSecond() / 8;
  }

  /** Seconds of all calls of a step. */
  double seconds(AxisTraffic traffic) {
    return traffic.calls() * secondsPerCall(traffic);
  }

  private double secondsPerCall(AxisTraffic traffic) {
    int inside = inside(traffic.axis(), traffic.ranks());
    double bytes = traffic.payload();
    if (traffic.operation() == Operation.SEND) {
      return inside > 1 ? NVLINK_STEP + bytes / nvlink : NIC_STEP + bytes / nic;
    }
    int outside = traffic.ranks() / inside;
    if (traffic.operation() == Operation.ALL_TO_ALL) {
      double near = bytes * (inside - 1) / traffic.ranks() / nvlink;
      double far = bytes * (traffic.ranks() - inside) / traffic.ranks() / nic;
      return (outside > 1 ? NIC_STEP : NVLINK_STEP) + Math.max(near, far);
    }
    return traffic.operation().passes()
        * (ring(inside, bytes, nvlink, NVLINK_STEP) + ring(outside, bytes / inside, nic, NIC_STEP));
  }

  private static double ring(int ranks, double bytes, double rate, double step) {
    return (ranks - 1) * step + (ranks - 1.0) / ranks * bytes / rate;
  }

  /** How many of an axis's ranks share a server: the largest divisor that there is room for. */
  private int inside(ParallelAxis axis, int ranks) {
    int room = Math.max(1, perServer / distance(axis));
    int most = Math.min(room, ranks);
    while (ranks % most != 0) {
      most--;
    }
    return most;
  }

  /** GPUs from one rank of an axis to the next. */
  private int distance(ParallelAxis axis) {
    return switch (axis) {
      case TENSOR -> 1;
      case CONTEXT, EXPERT, DATA -> plan.tensor();
      case PIPELINE -> plan.tensor() * plan.context() * plan.data();
    };
  }

  /** Which wires an axis runs over, for tables. */
  String wires(AxisTraffic traffic) {
    int inside = inside(traffic.axis(), traffic.ranks());
    if (inside == traffic.ranks()) {
      return "NVLink";
    }
    return inside == 1 || traffic.operation() == Operation.SEND ? "NIC" : "NVLink and NIC";
  }
}
