package weft.nn.compute;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Layer normalisation (Ba, Kiros and Hinton 2016, equation 4): out = scale·(in - mean) / √(variance
 * + 1e-5) + shift over the numbers of one position, the variance divided by their number.
 * Parameters: scales, then shifts, one a number.
 */
public final class FloatLayerNorm extends FloatStage {
  private static final double EPSILON = 1e-5;

  private final FloatWorkspace work;
  private final int offset;
  private final int positions;
  private final int width;
  private final float[] in;
  private final float @Nullable [] inGradient;
  private final float[] outputs;
  private final float[] outputGradient;

  /** (in - mean) / √(variance + epsilon). */
  private final float[] normal;

  /** 1 / √(variance + epsilon), by position. */
  private final float[] inverses;

  /** The gradients of scales and shifts, by share of the positions. */
  private final float[] partials;

  private final Team.Piece forwardPiece = this::forwardPiece;
  private final Team.Piece backwardPiece = this::backwardPiece;
  private int count;
  private int shares;

  /**
   * A new one, made once for a network.
   *
   * @param offset where the parameters begin
   * @param positions of a sample: 1, or the steps of a sequence
   * @param width numbers of a position
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatLayerNorm(
      FloatWorkspace work,
      int offset,
      int positions,
      int width,
      float[] in,
      float @Nullable [] inGradient) {
    this.work = work;
    this.offset = offset;
    this.positions = positions;
    this.width = width;
    this.in = in;
    this.inGradient = inGradient;
    outputs = work.perSample(positions * width);
    outputGradient = work.gradientPerSample(positions * width);
    normal = work.perSample(positions * width);
    inverses = work.perSample(positions);
    int most = Tiles.shares(work.rows() * positions, width);
    partials = new float[outputGradient.length == 0 ? 0 : most * 2 * width];
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
    begin(rows);
    work.team().run(shares, forwardPiece);
  }

  private void begin(int rows) {
    count = rows * positions;
    shares = Tiles.shares(count, width);
  }

  private void forwardPiece(int index, int lane) {
    int end = Tiles.share(index + 1, shares, count);
    for (int p = Tiles.share(index, shares, count); p < end; p++) {
      int at = p * width;
      double mean = FloatSums.sum(in, at, width) / width;
      double variance = FloatSums.squares(in, at, width, mean) / width;
      double inverse = 1 / Math.sqrt(variance + EPSILON);
      inverses[p] = (float) inverse;
      normalize(at, (float) mean, (float) inverse);
      scale(at);
    }
  }

  private void normalize(int at, float mean, float inverse) {
    for (int i = at; i < at + width; i++) {
      normal[i] = (in[i] - mean) * inverse;
    }
  }

  private void scale(int at) {
    float[] parameters = work.parameters();
    int shift = offset + width;
    for (int i = 0; i < width; i++) {
      outputs[at + i] = normal[at + i] * parameters[offset + i] + parameters[shift + i];
    }
  }

  @Override
  public void backward(int rows) {
    begin(rows);
    work.team().run(shares, backwardPiece);
    float[] gradient = work.gradient();
    work.beginGradient(offset, 2 * width);
    for (int share = 0; share < shares; share++) {
      for (int i = 0; i < 2 * width; i++) {
        gradient[offset + i] += partials[share * 2 * width + i];
      }
    }
  }

  private void backwardPiece(int index, int lane) {
    int scales = index * 2 * width;
    int shifts = scales + width;
    Arrays.fill(partials, scales, scales + 2 * width, 0);
    int end = Tiles.share(index + 1, shares, count);
    for (int p = Tiles.share(index, shares, count); p < end; p++) {
      int at = p * width;
      for (int i = 0; i < width; i++) {
        partials[scales + i] += outputGradient[at + i] * normal[at + i];
        partials[shifts + i] += outputGradient[at + i];
      }
      if (inGradient != null) {
        inputGradient(p, inGradient);
      }
    }
  }

  /** dL/dinᵢ = r·(hᵢ - mean of h - nᵢ·mean of h·n), with h = scale·g and n the normal numbers. */
  private void inputGradient(int position, float[] to) {
    float[] parameters = work.parameters();
    int at = position * width;
    double sum = 0;
    double product = 0;
    for (int i = 0; i < width; i++) {
      float h = outputGradient[at + i] * parameters[offset + i];
      sum += h;
      product += h * normal[at + i];
      to[at + i] = h;
    }
    float r = inverses[position];
    float mean = (float) (sum / width) * r;
    float slope = (float) (product / width) * r;
    for (int i = at; i < at + width; i++) {
      to[i] = to[i] * r - mean - normal[i] * slope;
    }
  }
}
