package weft.collective;

import weft.cluster.Accelerator;

/**
 * What NCCL's tuning model and its search for channels take a GPU generation to be: {@code
 * src/graph/tuning.cc}, {@code topo.h} and {@code search.cc} of NVIDIA/nccl in 2026. GB/s
 * throughout.
 */
enum NcclGeneration {
  AMPERE(20.0, 12, 0, 87.7, 20) {
    @Override
    double[] inside() {
      return new double[] {40, 30, 20, 18, 15, 12, 10, 9, 7, 6, 5, 4, 3};
    }

    @Override
    double[] between() {
      return new double[] {48, 30, 28, 24, 20, 18, 15, 12, 10, 9, 7, 6, 5, 4, 3, 2.4, 1.2, 0.24};
    }

    @Override
    double[][] ceilings() {
      return new double[][] {{24, 23.6, 17.8}, {20, 20, 20}, {0, 0, 0}};
    }
  },

  HOPPER(20.6, 18, 0.85, 141, 36.7) {
    @Override
    double[] inside() {
      return new double[] {60, 50, 40, 30, 24, 20, 15, 12, 11, 6, 3};
    }

    @Override
    double[] between() {
      return new double[] {48, 45, 42, 40, 30, 24, 22, 20, 17.5, 15, 12, 6, 3, 2.4, 1.2, 0.24};
    }

    @Override
    double[][] ceilings() {
      return new double[][] {{38.7, 41.4, 36}, {36.7, 36.7, 29}, {0, 57.7, 45.5}};
    }
  },

  BLACKWELL(40.1, 18, 0.74, 282, 40) {
    @Override
    double[] inside() {
      return new double[] {90, 80, 70, 60, 50, 45, 40, 30, 24, 20, 19, 18};
    }

    @Override
    double[] between() {
      return new double[] {
        96, 48, 45.1, 42, 40, 30, 24, 22, 20, 17.5, 15, 12, 6, 3, 2.4, 1.2, 0.24
      };
    }

    @Override
    double[][] ceilings() {
      return new double[][] {{70, 42.8, 24}, {55.6, 31.67, 20}, {0, 96, 80}};
    }
  };

  /** Of LL between servers, with Intel CPUs: two, more. */
  private static final double[] LL_BETWEEN = {39.0, 20.4};

  final double nvlink;
  final double nvlsEfficiency;
  private final double llInside;
  final double ringLl128; // a channel

  NcclGeneration(double link, int links, double nvlsEfficiency, double llInside, double ringLl128) {
    this.nvlink = link * links;
    this.nvlsEfficiency = nvlsEfficiency;
    this.llInside = llInside;
    this.ringLl128 = ringLl128;
  }

  /** Bandwidths that the search tries for a channel, best first: one server. */
  abstract double[] inside();

  /** The same with a network. */
  abstract double[] between();

  /** Most of a channel for Tree, Tree with LL128, NVLSTree: by one, two, more servers. */
  abstract double[][] ceilings();

  double ll(int servers) {
    return servers == 1 ? llInside : LL_BETWEEN[Math.min(servers, 3) - 2];
  }

  double ceiling(int kind, int servers) {
    return ceilings()[kind][Math.min(servers, 3) - 1];
  }

  static NcclGeneration of(Accelerator accelerator) {
    String name = accelerator.name();
    if (name.contains("A100")) {
      return AMPERE;
    }
    if (name.contains("H100") || name.contains("H200")) {
      return HOPPER;
    }
    if (name.contains("B200")) {
      return BLACKWELL;
    }
    throw new IllegalArgumentException(
        "NCCL's constants are known for A100, H100, H200, B200 and GB200, but not for %s: choose a server with one of those"
            .formatted(name));
  }
}
