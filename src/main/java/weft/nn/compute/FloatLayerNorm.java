package weft.nn.compute;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Shifts and scales the numbers of each position to mean 0 and variance 1, then by learned scales
 * and shifts. Parameters: a scale each, then a shift each.
 */
public final class FloatLayerNorm extends FloatStage {
  /** Added to the variance, so that equal numbers do not divide by 0. */
  private static final float EPSILON = 1e-5f;

  private final FloatWorkspace work;
  private final int offset;
  private final int positions;
  private final int width;
  private final float[] in;
  private final float @Nullable [] inGradient;
  private final float[] outputs;
  private final float[] outputGradient;
  private final float[] means;
  private final float[] factors;
  private final float[][] rows;
  private final float[][] slopes;
  private final float[][] scales;
  private final float[][] shifts;
  private final float[][] scaleGradients;
  private final float[][] shiftGradients;
  private final Team.Piece forwardPiece = this::forwardPiece;
  private final Team.Piece backwardPiece = this::backwardPiece;
  private int count;
  private int tiles;

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
    outputGradient = work.passedGradient(positions * width, inGradient);
    means = work.perSample(positions);
    factors = work.perSample(positions);
    int lanes = work.team().lanes();
    rows = new float[lanes][width];
    slopes = new float[lanes][width];
    scales = new float[lanes][width];
    shifts = new float[lanes][width];
    scaleGradients = new float[Tiles.MOST_OF_ROWS][width];
    shiftGradients = new float[Tiles.MOST_OF_ROWS][width];
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
  public void forward(int samples) {
    count = samples * positions;
    tiles = Tiles.ofRows(count, width);
    work.team().run(tiles, forwardPiece);
  }

  private void forwardPiece(int index, int lane) {
    float[] x = rows[lane];
    float[] scale = scales[lane];
    float[] shift = shifts[lane];
    System.arraycopy(work.parameters(), offset, scale, 0, width);
    System.arraycopy(work.parameters(), offset + width, shift, 0, width);
    int end = Tiles.bound(index + 1, tiles, count);
    for (int r = Tiles.bound(index, tiles, count); r < end; r++) {
      System.arraycopy(in, r * width, x, 0, width);
      float mean = FloatRows.sum(x, 0, width) / width;
      add(x, -mean);
      float factor = factor(FloatRows.dot(x, x, 0, width) / width);
      for (int i = 0; i < width; i++) {
        x[i] = x[i] * factor * scale[i] + shift[i];
      }
      System.arraycopy(x, 0, outputs, r * width, width);
      means[r] = mean;
      factors[r] = factor;
    }
  }

  private static void add(float[] x, float number) {
    for (int i = 0; i < x.length; i++) {
      x[i] += number;
    }
  }

  private static float factor(float variance) {
    return (float) (1 / Math.sqrt(variance + EPSILON));
  }

  @Override
  public void backward(int samples) {
    count = samples * positions;
    tiles = Tiles.ofRows(count, width);
    work.team().run(tiles, backwardPiece);
    work.beginGradient(offset, 2 * width);
    float[] gradient = work.gradient();
    for (int t = 0; t < tiles; t++) {
      for (int i = 0; i < width; i++) {
        gradient[offset + i] += scaleGradients[t][i];
        gradient[offset + width + i] += shiftGradients[t][i];
      }
    }
  }

  /** A piece sums its own rows' gradients of scales and shifts. */
  private void backwardPiece(int index, int lane) {
    Arrays.fill(scaleGradients[index], 0);
    Arrays.fill(shiftGradients[index], 0);
    System.arraycopy(work.parameters(), offset, scales[lane], 0, width);
    int end = Tiles.bound(index + 1, tiles, count);
    for (int r = Tiles.bound(index, tiles, count); r < end; r++) {
      parameterGradients(r, rows[lane], slopes[lane], index);
      inputGradient(r, rows[lane], slopes[lane], scales[lane], inGradient);
    }
  }

  /** Leaves the normalised row in {@code x} and dL/doutput in {@code g}. */
  private void parameterGradients(int r, float[] x, float[] g, int index) {
    System.arraycopy(in, r * width, x, 0, width);
    System.arraycopy(outputGradient, r * width, g, 0, width);
    float mean = means[r];
    float factor = factors[r];
    float[] ofScale = scaleGradients[index];
    float[] ofShift = shiftGradients[index];
    for (int i = 0; i < width; i++) {
      x[i] = (x[i] - mean) * factor;
      ofScale[i] += g[i] * x[i];
      ofShift[i] += g[i];
    }
  }

  /** dL/din = factor·(s - mean(s) - x·mean(s·x)), s = dL/dx = g·scale. */
  private void inputGradient(int r, float[] x, float[] g, float[] scale, float @Nullable [] to) {
    if (to == null) {
      return;
    }
    for (int i = 0; i < width; i++) {
      g[i] *= scale[i];
    }
    float mean = FloatRows.sum(g, 0, width) / width;
    float slope = FloatRows.dot(g, x, 0, width) / width;
    float factor = factors[r];
    for (int i = 0; i < width; i++) {
      g[i] = factor * (g[i] - mean - x[i] * slope);
    }
    System.arraycopy(g, 0, to, r * width, width);
  }
}
