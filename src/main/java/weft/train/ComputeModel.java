package weft.train;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.cluster.Accelerator;
import weft.nn.LayerCost;
import weft.units.Time;

/**
 * How long a worker computes: each layer's forward and backward pass and the update by the roofline
 * of the accelerator, or a step time that the reader measured, split among the layers by their
 * FLOPs.
 */
final class ComputeModel {
  private final List<LayerCost> layers;
  private final Accelerator accelerator;
  private final int optimizerBytes;
  private final @Nullable Time measured;
  private final int measuredSamples;

  /**
   * @param layers what each layer costs for one sample
   * @param optimizerBytes bytes the update reads and writes for one parameter
   * @param measured time of a step of {@code measuredSamples} samples; {@code null} for the
   *     roofline
   */
  ComputeModel(
      List<LayerCost> layers,
      Accelerator accelerator,
      int optimizerBytes,
      @Nullable Time measured,
      int measuredSamples) {
    this.layers = layers;
    this.accelerator = accelerator;
    this.optimizerBytes = optimizerBytes;
    this.measured = measured;
    this.measuredSamples = measuredSamples;
  }

  /** How many layers there are. */
  int layers() {
    return layers.size();
  }

  /** Forward pass of so many samples, ps. */
  long forward(int samples) {
    long sum = 0;
    for (LayerCost layer : layers) {
      sum += phase(layer, layer.forwardFlops(), samples);
    }
    return sum;
  }

  /** Backward pass of one layer, ps. */
  long backward(int layer, int samples) {
    return phase(layers.get(layer), layers.get(layer).backwardFlops(), samples);
  }

  /** Update of all parameters, ps; part of a measured step already. */
  long update() {
    if (measured != null) {
      return 0;
    }
    double parameters = layers.stream().mapToDouble(LayerCost::count).sum();
    return accelerator.timeFor(2 * parameters, parameters * optimizerBytes).ps();
  }

  private long phase(LayerCost layer, long flopsPerSample, int samples) {
    if (measured == null) {
      double bytes = layer.weightBytes() + (double) layer.activationBytes() * samples;
      return accelerator.timeFor((double) flopsPerSample * samples, bytes).ps();
    }
    double all =
        layers.stream().mapToDouble(l -> l.forwardFlops() + l.backwardFlops()).sum()
            * measuredSamples;
    return Math.round(measured.ps() * (flopsPerSample * samples / all));
  }
}
