package weft.train;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.cluster.Accelerator;
import weft.nn.LayerCost;
import weft.nn.Optimizer;
import weft.nn.Precision;
import weft.units.Time;

/**
 * How long a worker computes: each layer's forward and backward pass and the update by the roofline
 * of the accelerator, or a step time that the reader measured, split among the layers by their
 * FLOPs.
 *
 * <p>The forward pass reads weights and inputs, writes outputs, and writes and reads again what
 * lies between them: the layers inside a residual block, queries, keys, values and probabilities of
 * attention, an LSTM's gates. Nothing is fused. The backward pass touches twice as much, weights
 * and activations and a gradient for each. The arithmetic runs at the accelerator's tensor-core
 * rate whatever the precision. Launching a kernel, a few microseconds each on a GPU, is not
 * counted: a network too small to fill the accelerator needs a measured step.
 */
final class ComputeModel {
  /** Values of a parameter that an update touches: the weight read and written, its gradient. */
  private static final int UPDATE_VALUES = 3;

  private final List<LayerCost> layers;
  private final Accelerator accelerator;
  private final long inputBytes;
  private final int optimizerBytes;
  private final @Nullable Time measured;
  private final int measuredSamples;

  /**
   * @param layers what each layer costs for one sample
   * @param inputBytes bytes of one sample's inputs
   * @param optimizerBytes bytes the update reads and writes for one parameter
   * @param measured time of a step of {@code measuredSamples} samples; {@code null} for the
   *     roofline
   */
  ComputeModel(
      List<LayerCost> layers,
      long inputBytes,
      Accelerator accelerator,
      int optimizerBytes,
      @Nullable Time measured,
      int measuredSamples) {
    this.layers = layers;
    this.accelerator = accelerator;
    this.inputBytes = inputBytes;
    this.optimizerBytes = optimizerBytes;
    this.measured = measured;
    this.measuredSamples = measuredSamples;
  }

  /**
   * Bytes of a parameter that an update touches: beside {@link #UPDATE_VALUES} what the optimiser
   * remembers, read and written; at least a velocity is counted, so that plain gradient descent
   * takes as long as with momentum.
   *
   * @param stored what gradients and master weights are kept in
   */
  static int updateBytes(Optimizer optimizer, Precision stored) {
    return (UPDATE_VALUES + 2 * Math.max(1, optimizer.memoryPerParameter())) * stored.bytes();
  }

  /** Forward and backward passes over so many samples in so many parts, one after the other, ps. */
  long passes(int samples, int parts) {
    int passes = passesOf(samples, parts);
    long sum = 0;
    for (int part = 0; part < passes; part++) {
      int n = Shards.bound(part + 1, passes, samples) - Shards.bound(part, passes, samples);
      sum += forward(n);
      for (int layer = 0; layer < layers.size(); layer++) {
        sum += backward(layer, n);
      }
    }
    return sum;
  }

  /** When each bucket's gradient is known: in the last part's backward pass, ps from the start. */
  long[] ready(int samples, int parts, Buckets buckets) {
    int passes = passesOf(samples, parts);
    int before = Shards.bound(passes - 1, passes, samples);
    int last = samples - before;
    long clock = (passes == 1 ? 0 : passes(before, passes - 1)) + forward(last);
    long[] ready = new long[buckets.count()];
    int layer = layers.size();
    for (int b = 0; b < ready.length; b++) {
      while (layer > buckets.lastLayer()[b]) {
        clock += backward(--layer, last);
      }
      ready[b] = clock;
    }
    return ready;
  }

  private static int passesOf(int samples, int parts) {
    return Math.max(1, Math.min(parts, samples));
  }

  private long forward(int samples) {
    long sum = 0;
    for (int layer = 0; layer < layers.size(); layer++) {
      sum += forward(layer, samples);
    }
    return sum;
  }

  long forward(int layer, int samples) {
    return phase(layers.get(layer).forwardFlops(), bytes(layer, samples), samples);
  }

  long backward(int layer, int samples) {
    return phase(layers.get(layer).backwardFlops(), 2 * bytes(layer, samples), samples);
  }

  /** Update of all parameters, ps; part of a measured step already. */
  long update() {
    if (measured != null) {
      return 0;
    }
    return update(layers.stream().mapToLong(LayerCost::count).sum());
  }

  /** Likewise of so many parameters. */
  long update(long parameters) {
    return accelerator.timeFor(2.0 * parameters, (double) parameters * optimizerBytes).ps();
  }

  private double bytes(int layer, int samples) {
    LayerCost cost = layers.get(layer);
    long inputs = layer == 0 ? inputBytes : layers.get(layer - 1).activationBytes();
    long between = Math.max(0, cost.keptBytes() - cost.activationBytes());
    return cost.weightBytes() + (double) (inputs + 2 * between + cost.activationBytes()) * samples;
  }

  private long phase(long flopsPerSample, double bytes, int samples) {
    if (measured == null) {
      return accelerator.timeFor((double) flopsPerSample * samples, bytes).ps();
    }
    double all =
        layers.stream().mapToDouble(l -> l.forwardFlops() + l.backwardFlops()).sum()
            * measuredSamples;
    return Math.round(measured.ps() * (flopsPerSample * samples / all));
  }
}
