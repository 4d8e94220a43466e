package weft.parallel;

import weft.units.Check;

/**
 * What the GPUs of a data-parallel group share out among them instead of each keeping all of it
 * (ZeRO: Rajbhandari et al., SC20, section 5). Weights and gradients of 2 bytes, or 4 for gradients
 * that are summed in float32, and 12 bytes a parameter of Adam's state and master weights.
 */
public enum Sharding {
  /** Nothing: plain data parallelism. */
  REPLICATED(false, false, false),
  /** The optimiser's state. */
  ZERO_1(false, false, true),
  /** The optimiser's state and gradients. */
  ZERO_2(false, true, true),
  /** All three, weights too: fully sharded data parallelism, FSDP. */
  ZERO_3(true, true, true);

  /** Bytes of master weights and Adam's two moments in float32. */
  static final int STATE_BYTES = 12;

  static final int WEIGHT_BYTES = 2;

  private final boolean weights;
  private final boolean gradients;
  private final boolean state;

  Sharding(boolean weights, boolean gradients, boolean state) {
    this.weights = weights;
    this.gradients = gradients;
    this.state = state;
  }

  /** Whether a GPU must gather the weights that it computes with. */
  public boolean gathersWeights() {
    return weights;
  }

  /**
   * Bytes of weights, gradients and optimiser on one GPU: {@code 16 P}, {@code 4 P + 12 P/N},
   * {@code 2 P + 14 P/N} or {@code 16 P/N} with gradients of 2 bytes.
   *
   * @param parameters that the group has together, P
   * @param gpus in the group, N, at least 1
   * @param gradientBytes bytes of a gradient
   */
  public double modelStateBytes(double parameters, int gpus, int gradientBytes) {
    return weightBytes(parameters, gpus)
        + gradientBytes(parameters, gpus, gradientBytes)
        + optimizerBytes(parameters, gpus);
  }

  double weightBytes(double parameters, int gpus) {
    return bytes(parameters, gpus, WEIGHT_BYTES, weights);
  }

  double gradientBytes(double parameters, int gpus, int each) {
    return bytes(parameters, gpus, each, gradients);
  }

  double optimizerBytes(double parameters, int gpus) {
    return bytes(parameters, gpus, STATE_BYTES, state);
  }

  private static double bytes(double parameters, int gpus, int each, boolean isShared) {
    Check.atLeast(1, "GPUs of a data-parallel group", gpus, "one keeps all");
    return parameters * each / (isShared ? gpus : 1);
  }
}
