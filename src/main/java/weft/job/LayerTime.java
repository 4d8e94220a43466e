package weft.job;

import weft.cluster.Accelerator;
import weft.llm.Transformer;
import weft.parallel.ParallelPlan;
import weft.parallel.PassTimes;
import weft.parallel.Recomputation;

/**
 * Seconds of a layer, and of the output, for one micro-batch, forward and backward.
 *
 * @param layer of one layer
 * @param layerProducts of that, arithmetic alone
 * @param layerForward of the layer, the forward pass
 * @param weightGradient of the layer, gradients of weights: a product for each of the forward pass,
 *     and none of attention's own
 * @param output of the output and the loss
 * @param outputProducts of that, arithmetic alone
 */
record LayerTime(
    double layer,
    double layerProducts,
    double layerForward,
    double weightGradient,
    double output,
    double outputProducts) {
  /** The backward pass is two products for each of the forward pass. */
  private static final int BOTH_PASSES = 3;

  /** FlashAttention's backward pass has five products for two (Dao 2023, section 3.1). */
  private static final double FLASH_BOTH_PASSES = 3.5;

  static LayerTime of(Transformer model, ParallelPlan plan, Accelerator accelerator) {
    var work = new LayerWork(model, plan);
    boolean isFull = plan.recomputation() == Recomputation.FULL;
    boolean isSelective = plan.recomputation() == Recomputation.SELECTIVE;
    double outside = BOTH_PASSES + (isFull ? 1 : 0);
    double attention =
        plan.hasFlashAttention()
            ? FLASH_BOTH_PASSES + (isFull ? 1 : 0)
            : BOTH_PASSES + (isFull || isSelective ? 1 : 0);
    Kernels most = work.outsideAttention();
    Kernels scores = work.attention();
    Kernels output = work.output();
    return new LayerTime(
        outside * most.seconds(accelerator) + attention * scores.seconds(accelerator),
        outside * most.arithmeticSeconds(accelerator)
            + attention * scores.arithmeticSeconds(accelerator),
        most.seconds(accelerator) + scores.seconds(accelerator),
        most.arithmeticSeconds(accelerator),
        BOTH_PASSES * output.seconds(accelerator),
        BOTH_PASSES * output.arithmeticSeconds(accelerator));
  }

  /**
   * How long its passes take where it also waits for exchanges, half of them forward.
   *
   * @param exchanges seconds of all
   */
  PassTimes passes(double exchanges) {
    double forward = layerForward + exchanges / 2;
    double back = layer + exchanges - forward;
    return new PassTimes((back - weightGradient) / forward, weightGradient / forward);
  }
}
