package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/**
 * Convolution of images, channel by channel as PyTorch lays them out: z[o][y][x] = b[o] + Σ
 * W[o][c][i][j]·in[c][y·stride + i - padding][x·stride + j - padding], a = f(z). Parameters: W
 * ({@code [outs][channels][size][size]}), then b.
 *
 * <p>Computed as a matrix product with copies of the image (im2col; Chellapilla, Puri and Simard,
 * IWFHR 2006), several rows of results at a time as {@link ConvolutionBlocks} tells. A bias is the
 * weight of a last input that is always 1, which makes its gradient a part of the same product.
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

  /** A row per result of a block's column: kernels and zeros, then the bias. */
  private final float[] matrix;

  /** The gradient of {@link #matrix}, transposed, of each part of the batch. */
  private final float[][] partials;

  private final FloatPatches patches;
  private final int numbers;
  private final int results;
  private final int resultsAt;
  private final int blockColumns;
  private final int images;
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
    blockColumns = blocks.columns();
    images = blocks.images();
    patches = new FloatPatches(window, blocks, work.team().lanes());
    resultsAt = patches.resultsAt();
    int width = Math.multiplyExact(outs, window.outPlane());
    outputs = work.perSample(width);
    sums = work.keepsSums() || activation.needsSums() ? work.perSample(width) : outputs;
    outputGradient = work.passedGradient(width, inGradient);
    matrix = new float[results * (numbers + 1)];
    partials = new float[outputGradient.length == 0 ? 0 : parts(work.rows())][matrix.length];
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
    int biases = offset + blocks.outs() * window.channels() * size * size;
    for (int r = 0; r < results; r++) {
      int out = r / blocks.rows();
      int down = r % blocks.rows() * window.stride();
      int row = r * (numbers + 1);
      for (int c = 0; c < window.channels(); c++) {
        System.arraycopy(
            parameters,
            offset + (out * window.channels() + c) * size * size,
            matrix,
            row + (c * blocks.inRows() + down) * size,
            size * size);
      }
      matrix[row + numbers] = parameters[biases + out];
    }
  }

  private void forwardPiece(int group, int lane) {
    float[] scratch = work.scratch(lane);
    int first = group * images;
    int end = Math.min(count, first + images);
    int columns = (end - first) * blockColumns;
    patches.unfold(in, first, end, scratch);
    FloatMatrix.multiply(
        false,
        false,
        results,
        columns,
        numbers + 1,
        matrix,
        0,
        numbers + 1,
        scratch,
        0,
        columns,
        0,
        scratch,
        resultsAt,
        columns);
    patches.takeResults(scratch, first, end, sums);
    int width = blocks.outs() * window.outPlane();
    FloatActivations.forward(activation, sums, outputs, first * width, end * width, width);
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
    int columns = (end - first) * blockColumns;
    int width = blocks.outs() * window.outPlane();
    FloatActivations.backward(
        activation, sums, outputs, outputGradient, first * width, end * width, width);
    patches.giveResults(scratch, first, end, outputGradient);
    patches.unfold(in, first, end, scratch);
    FloatMatrix.multiply(
        false,
        true,
        numbers + 1,
        results,
        columns,
        scratch,
        0,
        columns,
        scratch,
        resultsAt,
        columns,
        keep,
        sum,
        0,
        results);
    if (inGradient != null) {
      inputGradient(scratch, first, end, columns, inGradient, lane);
    }
  }

  private void inputGradient(
      float[] scratch, int first, int end, int columns, float[] to, int lane) {
    FloatMatrix.multiply(
        true,
        false,
        numbers,
        columns,
        results,
        matrix,
        0,
        numbers + 1,
        scratch,
        resultsAt,
        columns,
        0,
        scratch,
        0,
        columns);
    patches.fold(scratch, first, end, to, lane);
  }

  /** Adds up the kernels' gradients of one channel over the rows of a block, or the biases'. */
  private void foldPiece(int channel, int lane) {
    int size = window.size();
    int kernel = size * size;
    int channels = window.channels();
    boolean biases = channel == channels;
    int lines = biases ? 1 : blocks.inRows() * size;
    addParts(channel * blocks.inRows() * size * results, lines * results);
    for (int out = 0; out < blocks.outs(); out++) {
      if (biases) {
        put(offset + blocks.outs() * channels * kernel + out, matrixGradient(numbers, 0, out));
        continue;
      }
      int to = offset + (out * channels + channel) * kernel;
      int row = channel * blocks.inRows() * size;
      for (int k = 0; k < kernel; k++) {
        put(to + k, matrixGradient(row + k, size * window.stride(), out));
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
