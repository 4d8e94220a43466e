package weft.collective;

import weft.cluster.Server;

/**
 * NCCL's own estimate of a collective's time: latency plus bytes over bandwidth, {@code
 * ncclTopoTuneModel} and {@code ncclTopoGetAlgoTime} of NVIDIA/nccl {@code src/graph/tuning.cc},
 * for NVLink inside servers, Intel hosts and no latency of the links.
 */
final class NcclModel {
  /** By log2 of the size in units of 64 B ({@code treeCorrectionFactor}). */
  private static final double[] TREE_LL = {
    1, 1, 1, 1, .9, .8, .7, .7, .7, .7, .6, .5, .4, .4, .5, .6, .7, .8, .9, 1, 1, 1, 1
  };

  private static final double[] TREE_LL128 = {
    1, 1, 1, 1, 1, .9, .8, .8, .8, .7, .6, .6, .6, .6, .6, .6, .8, .9, .9, .9, .9, 1, 1
  };

  private static final double[] TREE_SIMPLE = {
    .9, .9, .9, .9, .9, .9, .9, .8, .7, .6, .6, .5, .5, .5, .5, .6, .7, .8, .7, .7, .8, .9, .9, .9
  };

  private static final int TREE_SIZES = 23; // that Tree is corrected for; NVLSTree for one more

  /** A network operation costs a host so much, us; three of them with Simple. */
  private static final double NET_OVERHEAD = 1;

  private static final int MOST_HEADS = 32; // of NVLS
  private static final int MOST_CHANNELS = 16; // before they are doubled

  private final NcclGeneration gpu;
  private final NcclFunction function;
  private final int servers;
  private final int perServer;
  private final int ranks;
  private final double nic; // GB/s

  NcclModel(Server server, int servers, int perServer, NcclFunction function) {
    this.gpu = NcclGeneration.of(server.accelerator());
    this.function = function;
    this.servers = servers;
    this.perServer = perServer;
    this.ranks = servers * perServer;
    this.nic = server.nic().gigabytesPerSecond();
  }

  /** Latency, us. */
  double latency(NcclAlgorithm algorithm, NcclProtocol protocol) {
    double inside = algorithm.inside.of(protocol);
    double between = (perServer == 1 ? NcclAlgorithm.TREE : algorithm).between.of(protocol);
    int depth = 31 - Integer.numberOfLeadingZeros(servers);
    return algorithm.base.of(protocol)
        + switch (algorithm) {
          case RING -> ring(inside, between, protocol);
          case TREE -> 2 * ((perServer - 1) * inside + depth * between);
          case NVLS -> inside;
          case NVLS_TREE -> inside + 2 * depth * between;
        };
  }

  private double ring(double inside, double between, NcclProtocol protocol) {
    if (function == NcclFunction.BROADCAST || function == NcclFunction.REDUCE) {
      return servers == 1 ? inside : NcclAlgorithm.RING.between.of(protocol);
    }
    double overhead = protocol == NcclProtocol.SIMPLE ? 3 * NET_OVERHEAD : NET_OVERHEAD;
    double step = servers == 1 ? inside : Math.max(inside, overhead);
    int hops = function.stepsBetween(servers);
    return (function.steps(ranks) - hops) * step + hops * between;
  }

  /** Bandwidth of the algorithm in GB/s, array over time; 0 if it is not to be had. */
  double bandwidth(NcclAlgorithm algorithm, NcclProtocol protocol) {
    boolean simple = protocol == NcclProtocol.SIMPLE;
    if (algorithm.isNvls()) {
      boolean fits = (algorithm == NcclAlgorithm.NVLS) == (servers == 1) && perServer > 1;
      return fits && simple && function == NcclFunction.ALL_REDUCE
          ? nvls() * ranks / function.steps(ranks)
          : 0;
    }
    if (algorithm == NcclAlgorithm.TREE && function != NcclFunction.ALL_REDUCE) {
      return 0;
    }
    double bus = algorithm == NcclAlgorithm.RING ? ringBus(protocol) : treeBus(protocol);
    return algorithm == NcclAlgorithm.RING ? bus * ranks / function.steps(ranks) : bus / 2;
  }

  private double ringBus(NcclProtocol protocol) {
    double bus = links();
    return switch (protocol) {
      case LL -> Math.min(gpu.ll(servers), bus / 2);
      case LL128 -> Math.min(0.92 * bus, channels() * gpu.ringLl128);
      case SIMPLE -> bus;
    };
  }

  private double treeBus(NcclProtocol protocol) {
    double links = servers == 2 ? perServer * insideOfTwo() : links();
    double bus = Math.min(0.92 * links, channels() * gpu.ceiling(0, servers));
    return switch (protocol) {
      case LL -> Math.min(bus / 3.8, gpu.ll(servers));
      case LL128 ->
          Math.min(
              bus * (servers == 1 ? 7.0 / 9 : 120.0 / 128), channels() * gpu.ceiling(1, servers));
      case SIMPLE -> bus;
    };
  }

  /**
   * A head for each GPU; what it adds and writes passes every link, and its own twice. What the
   * search takes for the network it raises on its own, even where there is none.
   */
  private double nvls() {
    int heads = Math.min(perServer, MOST_HEADS);
    double link = gpu.nvlink / (heads + 1);
    boolean alone = servers == 1;
    double[] speeds = alone ? gpu.inside() : gpu.between();
    double speed = first(speeds, alone ? link : Math.min(link, nic));
    double inside = 2 * speed * gpu.nvlsEfficiency * (heads - 1) / heads;
    double between = raised(speeds, speed, alone ? Double.POSITIVE_INFINITY : nic);
    double each = Math.min(inside, servers == 2 ? 2 * between : between);
    return heads * (alone ? each : Math.min(each, gpu.ceiling(2, servers)));
  }

  /** Of a tree's channel inside either of two servers, which the search raises on its own. */
  private double insideOfTwo() {
    double link = gpu.nvlink / perServer;
    return raised(gpu.between(), first(gpu.between(), Math.min(nic, link)), link);
  }

  /**
   * The second pass of the search: the next higher bandwidth as long as there is one that fits and
   * the last was below twice the start.
   */
  private static double raised(double[] speeds, double from, double most) {
    double best = from;
    for (int i = speeds.length - 1; i >= 0 && best < 2 * from && speeds[i] <= most; i--) {
      best = Math.max(best, speeds[i]);
    }
    return best;
  }

  /** Bandwidth of all rings together: that of NVLink, or of all NICs where less. */
  private double links() {
    if (servers > 1) {
      return perServer * first(gpu.between(), Math.min(nic, gpu.nvlink / perServer));
    }
    double best = 0;
    for (double speed : gpu.inside()) {
      best = Math.max(best, speed * Math.min(MOST_CHANNELS, Math.floor(gpu.nvlink / speed)));
    }
    return best;
  }

  /** After NCCL has doubled what its search found. */
  private int channels() {
    return servers > 1 ? 2 * perServer : 24;
  }

  private static double first(double[] speeds, double most) {
    for (double speed : speeds) {
      if (speed <= most) {
        return speed;
      }
    }
    return most;
  }

  /** Time of an array of so many bytes, us; infinite if the algorithm is not to be had. */
  double time(NcclAlgorithm algorithm, NcclProtocol protocol, long bytes) {
    double bandwidth = bandwidth(algorithm, protocol);
    double latency = latency(algorithm, protocol);
    int log = 57 - Long.numberOfLeadingZeros(bytes); // of bytes / 64
    boolean corrected =
        algorithm == NcclAlgorithm.TREE
            || (algorithm == NcclAlgorithm.NVLS_TREE && gpu == NcclGeneration.BLACKWELL);
    double[] correction =
        switch (protocol) {
          case LL -> TREE_LL;
          case LL128 -> TREE_LL128;
          case SIMPLE -> TREE_SIMPLE;
        };
    int sizes = algorithm == NcclAlgorithm.TREE ? TREE_SIZES : correction.length;
    if (corrected && log >= 0 && log < sizes) {
      bandwidth *= correction[log];
    }
    boolean plateau =
        algorithm == NcclAlgorithm.RING
            && protocol == NcclProtocol.SIMPLE
            && function == NcclFunction.ALL_REDUCE
            && servers > 1
            && bytes / ((long) channels() * ranks) >= 64;
    return bandwidth == 0
        ? Double.POSITIVE_INFINITY
        : latency * (plateau ? 1.4 : 1) + bytes / (1000 * bandwidth);
  }
}
