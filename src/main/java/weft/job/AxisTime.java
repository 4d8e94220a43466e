package weft.job;

import weft.cluster.Server;
import weft.parallel.AxisTraffic;
import weft.parallel.AxisTraffic.Operation;

/**
 * How long exchanges take by closed forms: a latency a step and bytes over rate (Hockney), rings
 * inside the server's NVLink domain and rings between servers of what is left (Thakur et al.,
 * IJHPCA 2005).
 *
 * <p>NCCL counts on 20 to 20.6 GB/s of a 25 GB/s NVLink and measures 47 of a NIC's 50 GB/s; its
 * ring takes 3.4 us a step over NVLink and 14 us over a network (NCCL, tuning.cc and topo.h).
 */
final class AxisTime {
  static final double NVLINK_SHARE = 0.8;
  static final double NIC_SHARE = 0.94;
  static final double NVLINK_STEP = 3.4e-6;
  static final double NIC_STEP = 14e-6;

  private final Locality locality;
  private final double nvlink;
  private final double nic;

  AxisTime(Server server, Locality locality) {
    this.locality = locality;
    nvlink = NVLINK_SHARE * server.accelerator().scaleUp().bitsPerSecond() / 8;
    nic = NIC_SHARE * server.nic().bitsPerSecond() / 8;
  }

  /** Seconds of all calls of a step. */
  double seconds(AxisTraffic traffic) {
    return traffic.calls() * secondsPerCall(traffic);
  }

  private double secondsPerCall(AxisTraffic traffic) {
    int inside = locality.inside(traffic);
    double network = nic / locality.slowdown(traffic.axis());
    double bytes = traffic.payload();
    if (traffic.operation() == Operation.SEND) {
      return inside > 1 ? NVLINK_STEP + bytes / nvlink : NIC_STEP + bytes / network;
    }
    int outside = traffic.ranks() / inside;
    if (traffic.operation() == Operation.ALL_TO_ALL) {
      double near = bytes * (inside - 1) / traffic.ranks() / nvlink;
      double far = bytes * (traffic.ranks() - inside) / traffic.ranks() / network;
      return (outside > 1 ? NIC_STEP : NVLINK_STEP) + Math.max(near, far);
    }
    return traffic.operation().passes()
        * (ring(inside, bytes, nvlink, NVLINK_STEP)
            + ring(outside, bytes / inside, network, NIC_STEP));
  }

  private static double ring(int ranks, double bytes, double rate, double step) {
    return (ranks - 1) * step + (ranks - 1.0) / ranks * bytes / rate;
  }
}
