package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation (Ioffe and Szegedy, ICML 2015, algorithms 1 and 2): out = scale·(in - mean) /
 * √(variance + 1e-5) + shift, over the samples of a batch and the plane of a channel. Parameters:
 * scales, then shifts, one a channel. Statistics: running means, then running variances.
 *
 * <p>In training mean and variance are the batch's own (divided by n), and the running ones move by
 * a tenth towards them (the variance divided by n - 1, as PyTorch does); otherwise the running ones
 * are used. Each channel is summed up by one thread.
 */
public final class FloatBatchNorm extends FloatStage {
  private static final double EPSILON = 1e-5;
  private static final double MOMENTUM = 0.1;

  private final FloatWorkspace work;
  private final int offset;
  private final int statistics;
  private final int channels;
  private final int plane;
  private final float[] in;
  private final float @Nullable [] inGradient;
  private final float[] outputs;
  private final float[] outputGradient;
  private final double[] means;
  private final double[] squares;

  /** 1 / √(variance + epsilon) of the last forward pass. */
  private final double[] inverses;

  private final double[] gradientSums;
  private final double[] gradientProducts;
  private final Team.Piece forwardPiece = this::forwardPiece;
  private final Team.Piece backwardPiece = this::backwardPiece;
  private int count;
  private int shares;

  /**
   * A new one, made once for a network.
   *
   * @param offset where the parameters begin
   * @param statistics where the running means begin
   * @param channels of an image, or the numbers of a vector
   * @param plane numbers of a channel; of a vector 1
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatBatchNorm(
      FloatWorkspace work,
      int offset,
      int statistics,
      int channels,
      int plane,
      float[] in,
      float @Nullable [] inGradient) {
    this.work = work;
    this.offset = offset;
    this.statistics = statistics;
    this.channels = channels;
    this.plane = plane;
    this.in = in;
    this.inGradient = inGradient;
    outputs = work.perSample(channels * plane);
    outputGradient = work.passedGradient(channels * plane, inGradient);
    means = new double[channels];
    squares = new double[channels];
    inverses = new double[channels];
    gradientSums = new double[channels];
    gradientProducts = new double[channels];
  }

  @Override
  public float[] outputs() {
    return outputs;
  }

  @Override
  public float[] outputGradient() {
    return outputGradient;
  }

  @Override
  public void forward(int rows) {
    if (work.training() && rows * plane < 2) {
      throw new IllegalArgumentException(
          "batchNorm() trains on at least 2 numbers a channel, whose spread it measures, got a"
              + " batch of 1 sample: use larger batches or fewer workers, or layerNorm()");
    }
    count = rows;
    shares = Tiles.shares(channels, rows * plane);
    work.team().run(shares, forwardPiece);
  }

  private void forwardPiece(int index, int lane) {
    int from = Tiles.share(index, shares, channels);
    int to = Tiles.share(index + 1, shares, channels);
    if (work.training()) {
      measure(from, to);
      remember(from, to);
    } else {
      recall(from, to);
    }
    float[] parameters = work.parameters();
    for (int row = 0; row < count; row++) {
      for (int c = from; c < to; c++) {
        double factor = parameters[offset + c] * inverses[c];
        float scale = (float) factor;
        float shift = (float) (parameters[offset + channels + c] - factor * means[c]);
        normalize((row * channels + c) * plane, scale, shift);
      }
    }
  }

  private void normalize(int at, float scale, float shift) {
    for (int i = at; i < at + plane; i++) {
      outputs[i] = in[i] * scale + shift;
    }
  }

  private void measure(int from, int to) {
    double n = (double) count * plane;
    for (int c = from; c < to; c++) {
      means[c] = 0;
      squares[c] = 0;
    }
    for (int row = 0; row < count; row++) {
      for (int c = from; c < to; c++) {
        means[c] += FloatSums.sum(in, (row * channels + c) * plane, plane);
      }
    }
    for (int c = from; c < to; c++) {
      means[c] /= n;
    }
    for (int row = 0; row < count; row++) {
      for (int c = from; c < to; c++) {
        squares[c] += FloatSums.squares(in, (row * channels + c) * plane, plane, means[c]);
      }
    }
    for (int c = from; c < to; c++) {
      inverses[c] = 1 / Math.sqrt(squares[c] / n + EPSILON);
    }
  }

  private void remember(int from, int to) {
    float[] running = work.statistics();
    double n = (double) count * plane;
    for (int c = from; c < to; c++) {
      int mean = statistics + c;
      int variance = statistics + channels + c;
      running[mean] = (float) ((1 - MOMENTUM) * running[mean] + MOMENTUM * means[c]);
      running[variance] =
          (float) ((1 - MOMENTUM) * running[variance] + MOMENTUM * squares[c] / (n - 1));
    }
  }

  private void recall(int from, int to) {
    float[] running = work.statistics();
    for (int c = from; c < to; c++) {
      means[c] = running[statistics + c];
      inverses[c] = 1 / Math.sqrt(running[statistics + channels + c] + EPSILON);
    }
  }

  @Override
  public void backward(int rows) {
    count = rows;
    shares = Tiles.shares(channels, rows * plane);
    work.team().run(shares, backwardPiece);
  }

  private void backwardPiece(int index, int lane) {
    int from = Tiles.share(index, shares, channels);
    int to = Tiles.share(index + 1, shares, channels);
    addUp(from, to);
    float[] gradient = work.gradient();
    for (int c = from; c < to; c++) {
      float scale = (float) (gradientProducts[c] * inverses[c]);
      float shift = (float) gradientSums[c];
      boolean first = work.keep() == 0;
      gradient[offset + c] = first ? scale : gradient[offset + c] + scale;
      int at = offset + channels + c;
      gradient[at] = first ? shift : gradient[at] + shift;
    }
    if (inGradient != null) {
      inputGradient(from, to, inGradient);
    }
  }

  private void addUp(int from, int to) {
    for (int c = from; c < to; c++) {
      gradientSums[c] = 0;
      gradientProducts[c] = 0;
    }
    for (int row = 0; row < count; row++) {
      for (int c = from; c < to; c++) {
        int at = (row * channels + c) * plane;
        gradientSums[c] += FloatSums.sum(outputGradient, at, plane);
        gradientProducts[c] += FloatSums.product(outputGradient, in, at, plane, means[c]);
      }
    }
  }

  /**
   * dL/dinᵢ = scale·r·(gᵢ - mean of g - (inᵢ - mean)·r²·mean of g·(in - mean)), with r = 1 /
   * √(variance + epsilon); outside training scale·r·gᵢ.
   */
  private void inputGradient(int from, int to, float[] gradient) {
    double n = (double) count * plane;
    for (int row = 0; row < count; row++) {
      for (int c = from; c < to; c++) {
        double r = inverses[c];
        double factor = work.parameters()[offset + c] * r;
        double slope = work.training() ? -factor * r * r * gradientProducts[c] / n : 0;
        double shift = work.training() ? -factor * gradientSums[c] / n - slope * means[c] : 0;
        inputGradient(
            gradient, (row * channels + c) * plane, (float) factor, (float) slope, (float) shift);
      }
    }
  }

  private void inputGradient(float[] to, int at, float factor, float slope, float shift) {
    for (int i = at; i < at + plane; i++) {
      to[i] = outputGradient[i] * factor + in[i] * slope + shift;
    }
  }
}
