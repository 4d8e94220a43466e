package weft.nn.compute;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Convolution of images, channel by channel as PyTorch lays them out: z[o][y][x] = b[o] + Σ
 * W[o][c][i][j]·in[c][y·stride + i - padding][x·stride + j - padding], a = f(z). Parameters: W
 * ({@code [outs][channels][size][size]}), then b.
 *
 * <p>Computed as matrix products with copies of the image (im2col; Chellapilla, Puri and Simard,
 * IWFHR 2006), several rows of results at a time as {@link ConvolutionBlocks} tells.
 */
public final class FloatConvolution extends FloatStage {
  /** Sums of the weights' gradient over parts of the batch, which threads can take. */
  private static final int MOST_PARTS = 8;

  private final FloatWorkspace work;
  private final int offset;
  private final Window window;
  private final ConvolutionBlocks blocks;
  private final ActivationFunction activation;
  private final float[] in;
  private final float @Nullable [] inGradient;
  private final float[] sums;
  private final float[] outputs;
  private final float[] outputGradient;

  /** A row per result of a block's column: kernels and zeros. */
  private final float[] matrix;

  /** The gradient of {@link #matrix}, transposed, and of the biases, of each part of the batch. */
  private final float[][] partials;

  private final FloatPatches patches;
  private final int numbers;
  private final int results;
  private final int images;
  private final int biases;
  private final Team.Piece forwardPiece = this::forwardPiece;
  private final Team.Piece backwardPiece = this::backwardPiece;
  private final Team.Piece foldPiece = this::foldPiece;
  private int count;
  private int groups;
  private int parts;

  /**
   * A new one, made once for a network.
   *
   * @param offset where the parameters begin
   * @param window size, stride and padding of the kernels
   * @param outs how many kernels
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatConvolution(
      FloatWorkspace work,
      int offset,
      Window window,
      int outs,
      ActivationFunction activation,
      float[] in,
      float @Nullable [] inGradient) {
    this.work = work;
    this.offset = offset;
    this.window = window;
    this.activation = activation;
    this.in = in;
    this.inGradient = inGradient;
    blocks = ConvolutionBlocks.of(window, outs);
    numbers = blocks.numbers();
    results = blocks.results();
    images = blocks.images();
    biases = offset + outs * window.channels() * window.size() * window.size();
    patches = new FloatPatches(window, blocks, work.team().lanes());
    int width = Math.multiplyExact(outs, window.outPlane());
    outputs = work.perSample(width);
    sums = work.keepsSums() || activation.needsSums() ? work.perSample(width) : outputs;
    outputGradient = work.passedGradient(width, inGradient);
    matrix = new float[results * numbers];
    int parts = outputGradient.length == 0 ? 0 : parts(work.rows());
    partials = new float[parts][matrix.length + results];
    work.reserveScratch(patches.size());
  }

  private int groups(int rows) {
    return (rows + images - 1) / images;
  }

  private int parts(int rows) {
    return Math.min(MOST_PARTS, groups(rows));
  }

  @Override
  public float[] sums() {
    return sums;
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
    count = rows;
    groups = groups(rows);
    fillMatrix();
    work.team().run(groups, forwardPiece);
  }

  private void fillMatrix() {
    float[] parameters = work.parameters();
    int size = window.size();
    for (int r = 0; r < results; r++) {
      int out = r / blocks.rows();
      int down = r % blocks.rows() * window.stride();
      for (int c = 0; c < window.channels(); c++) {
        int kernel = offset + (out * window.channels() + c) * size * size;
        for (int i = 0; i < size; i++) {
          int at = r * numbers + ((down + i) * window.channels() + c) * size;
          System.arraycopy(parameters, kernel + i * size, matrix, at, size);
        }
      }
    }
  }

  private void forwardPiece(int group, int lane) {
    float[] scratch = work.scratch(lane);
    int first = group * images;
    int end = Math.min(count, first + images);
    int columns = patches.columns(end - first);
    patches.unfold(in, first, end, scratch, lane);
    for (int block = 0; block < blocks.count(); block++) {
      int to = patches.resultsAt(block, columns);
      fillBiases(scratch, to, columns);
      FloatMatrix.multiply(
          false,
          false,
          results,
          columns,
          numbers,
          matrix,
          0,
          numbers,
          scratch,
          patches.imageAt(block, columns),
          columns,
          1,
          scratch,
          to,
          columns);
    }
    patches.takeResults(scratch, first, end, sums);
    int width = blocks.outs() * window.outPlane();
    FloatActivations.forward(activation, sums, outputs, first * width, end * width, width);
  }

  /** A product's starting value. */
  private void fillBiases(float[] to, int at, int columns) {
    float[] parameters = work.parameters();
    int length = blocks.rows() * columns;
    for (int out = 0; out < blocks.outs(); out++) {
      int from = at + out * length;
      Arrays.fill(to, from, from + length, parameters[biases + out]);
    }
  }

  @Override
  public void backward(int rows) {
    count = rows;
    groups = groups(rows);
    parts = parts(rows);
    work.team().run(parts, backwardPiece);
    var team = Tiles.team(work.team(), (long) parts * matrix.length);
    team.run(window.channels() + 1, foldPiece);
  }

  private void backwardPiece(int part, int lane) {
    int from = Tiles.share(part, parts, groups);
    int to = Tiles.share(part + 1, parts, groups);
    for (int group = from; group < to; group++) {
      backward(group, lane, partials[part], group == from ? 0 : 1);
    }
  }

  private void backward(int group, int lane, float[] sum, float keep) {
    float[] scratch = work.scratch(lane);
    int first = group * images;
    int end = Math.min(count, first + images);
    int columns = patches.columns(end - first);
    int width = blocks.outs() * window.outPlane();
    FloatActivations.backward(
        activation, sums, outputs, outputGradient, first * width, end * width, width);
    patches.giveResults(scratch, first, end, outputGradient);
    patches.unfold(in, first, end, scratch, lane);
    for (int block = 0; block < blocks.count(); block++) {
      matrixGradient(scratch, block, columns, sum, block == 0 ? keep : 1);
    }
    if (inGradient != null) {
      patches.clear(scratch, end - first);
      for (int block = 0; block < blocks.count(); block++) {
        inputGradient(scratch, block, columns);
      }
      patches.fold(scratch, first, end, inGradient, lane);
    }
  }

  private void matrixGradient(float[] scratch, int block, int columns, float[] sum, float keep) {
    int from = patches.resultsAt(block, columns);
    FloatMatrix.multiply(
        false,
        true,
        numbers,
        results,
        columns,
        scratch,
        patches.imageAt(block, columns),
        columns,
        scratch,
        from,
        columns,
        keep,
        sum,
        0,
        results);
    FloatMatrix.sumColumns(scratch, from, results, columns, keep, sum, numbers * results);
  }

  private void inputGradient(float[] scratch, int block, int columns) {
    FloatMatrix.multiply(
        true,
        false,
        numbers,
        columns,
        results,
        matrix,
        0,
        numbers,
        scratch,
        patches.resultsAt(block, columns),
        columns,
        1,
        scratch,
        patches.imageAt(block, columns),
        columns);
  }

  /** Adds up the kernels' gradients of one channel over the rows of a block, or the biases'. */
  private void foldPiece(int channel, int lane) {
    int channels = window.channels();
    int size = window.size();
    int further = window.stride() * channels * size;
    if (channel == channels) {
      addParts(numbers * results, results);
      for (int out = 0; out < blocks.outs(); out++) {
        put(biases + out, matrixGradient(numbers, 0, out));
      }
      return;
    }
    for (int i = 0; i < blocks.inRows(); i++) {
      addParts((i * channels + channel) * size * results, size * results);
    }
    for (int out = 0; out < blocks.outs(); out++) {
      int to = offset + (out * channels + channel) * size * size;
      for (int i = 0; i < size; i++) {
        int row = (i * channels + channel) * size;
        for (int j = 0; j < size; j++) {
          put(to + i * size + j, matrixGradient(row + j, further, out));
        }
      }
    }
  }

  /** Adds the other parts of the batch to the first. */
  private void addParts(int from, int length) {
    float[] sum = partials[0];
    for (int part = 1; part < parts; part++) {
      float[] term = partials[part];
      for (int i = from; i < from + length; i++) {
        sum[i] += term[i];
      }
    }
  }

  private void put(int index, float value) {
    float[] gradient = work.gradient();
    gradient[index] = work.keep() == 0 ? value : gradient[index] + value;
  }

  /** The sum over the rows of a block, each so much further down. */
  private float matrixGradient(int row, int further, int out) {
    float sum = 0;
    for (int i = 0; i < blocks.rows(); i++) {
      sum += partials[0][row * results + out * blocks.rows() + i * (further * results + 1)];
    }
    return sum;
  }
}
