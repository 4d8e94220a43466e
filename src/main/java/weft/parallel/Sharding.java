package weft.parallel;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Digits;
import weft.report.Numbers;
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
  private static final int GRADIENT_BYTES = 2;

  private final boolean weights;
  private final boolean gradients;
  private final boolean state;

  Sharding(boolean weights, boolean gradients, boolean state) {
    this.weights = weights;
    this.gradients = gradients;
    this.state = state;
  }

  /** Whether gradients leave after every micro-batch, since no GPU keeps all of them. */
  public boolean scattersGradients() {
    return gradients;
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
    checkParameters(parameters);
    Check.atLeast(1, "bytes of a gradient", gradientBytes, "bf16 has 2, float32 has 4");
    return weightBytes(parameters, gpus)
        + gradientBytes(parameters, gpus, gradientBytes)
        + optimizerBytes(parameters, gpus);
  }

  /**
   * All four, a row each, for a model of so many parameters and one micro-batch a step: what one
   * GPU keeps, and what it sends. FSDP gathers the weights for the forward and for the backward
   * pass and so sends half as much again (same paper, section 7). With more micro-batches ZeRO-2
   * and FSDP send more, see {@link ParallelPlan#traffic}.
   *
   * @param parameters P, above 0
   * @param gpus in the group, N, at least 2
   */
  public static Table compare(double parameters, int gpus) {
    Check.atLeast(2, "GPUs of a data-parallel group", gpus, "one has nobody to share with");
    checkParameters(parameters);
    var all = List.of(values());
    return Table.create(
        "%s billion parameters on %d GPUs, one micro-batch a step"
            .formatted(Digits.of(parameters / 1e9), gpus),
        StringColumn.create("sharding", all.stream().map(Sharding::toString)),
        gigabytes("weights (GB)", s -> s.weightBytes(parameters, gpus)),
        gigabytes("gradients (GB)", s -> s.gradientBytes(parameters, gpus, GRADIENT_BYTES)),
        gigabytes("optimiser (GB)", s -> s.optimizerBytes(parameters, gpus)),
        gigabytes("all (GB)", s -> s.modelStateBytes(parameters, gpus, GRADIENT_BYTES)),
        gigabytes("sent (GB/step)", s -> s.sentBytes(parameters, gpus)));
  }

  private static void checkParameters(double parameters) {
    if (!(parameters > 0) || Double.isInfinite(parameters)) {
      throw new IllegalArgumentException(
          "a model has parameters, but their number was %s: write for example 7.5e9"
              .formatted(parameters));
    }
  }

  private static DoubleColumn gigabytes(String title, ToDoubleFunction<Sharding> bytes) {
    return Numbers.column(
        title, Stream.of(values()).mapToDouble(s -> bytes.applyAsDouble(s) / 1e9).toArray());
  }

  /** A reduce-scatter of gradients and an all-gather of weights, or two. */
  private double sentBytes(double parameters, int gpus) {
    double once = parameters * (gpus - 1) / gpus;
    return once * GRADIENT_BYTES + (weights ? 2 : 1) * once * WEIGHT_BYTES;
  }

  double weightBytes(double parameters, int gpus) {
    return bytes(parameters, gpus, WEIGHT_BYTES, weights);
  }

  double gradientBytes(double parameters, int gpus, int each) {
    return bytes(parameters, gpus, each, gradients);
  }

  /** Bytes a parameter of the layer that is at work, which is not shared out meanwhile. */
  int wholeBytes(int gpus, int gradientBytes) {
    return gpus == 1 ? 0 : (weights ? WEIGHT_BYTES : 0) + (gradients ? gradientBytes : 0);
  }

  double optimizerBytes(double parameters, int gpus) {
    return bytes(parameters, gpus, STATE_BYTES, state);
  }

  private static double bytes(double parameters, int gpus, int each, boolean isShared) {
    Check.atLeast(1, "GPUs of a data-parallel group", gpus, "one keeps all");
    return parameters * each / (isShared ? gpus : 1);
  }
}
