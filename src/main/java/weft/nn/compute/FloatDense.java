package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/**
 * Every input feeds every neuron, at each position of a sample: z = W·x + b, a = f(z). Parameters:
 * W row by row ({@code [outputs][inputs]}), then b.
 */
public final class FloatDense extends FloatStage {
  /** Smaller layers than this are not worth looking for columns of zeros. */
  private static final int PACKED_INS = 256;

  private static final int PACKED_OUTS = 32;

  /** Into how many pieces the neurons are shared to pack their weights. */
  private static final int PACKING_PIECES = 4;

  private static final float[] NONE = {};

  private final FloatWorkspace work;
  private final int offset;
  private final int positions;
  private final int ins;
  private final int outs;
  private final ActivationFunction activation;
  private final boolean fused;
  private final float[] in;
  private final float @Nullable [] inGradient;
  private final float[] sums;
  private final float[] outputs;
  private final float[] outputGradient;
  private final @Nullable FloatColumns columns;
  private final float[] packedIn;
  private final float[] packedWeights;
  private final float[] packedGradient;
  private final Team.Piece packPiece = this::packPiece;
  private final Team.Piece unpackPiece = this::unpackPiece;
  private final Team.Piece forwardPiece = this::forwardPiece;
  private final Team.Piece activationPiece = this::activationPiece;
  private final Team.Piece backwardPiece = this::backwardPiece;
  private final Team.Piece inputPiece = this::inputPiece;
  private int count;
  private int tiles;
  private int columnTiles;
  private int inTiles;
  private int rarePieces;
  private boolean packed;
  private int packedIns;
  private int activationTiles;

  /**
   * A new one, made once for a network.
   *
   * @param offset where the parameters begin
   * @param positions of a sample: 1, or the steps of a sequence
   * @param ins numbers of a position
   * @param outs neurons
   * @param fused whether the loss's gradient is already that of z
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatDense(
      FloatWorkspace work,
      int offset,
      int positions,
      int ins,
      int outs,
      ActivationFunction activation,
      boolean fused,
      float[] in,
      float @Nullable [] inGradient) {
    this.work = work;
    this.offset = offset;
    this.positions = positions;
    this.ins = ins;
    this.outs = outs;
    this.activation = activation;
    this.fused = fused;
    this.in = in;
    this.inGradient = inGradient;
    outputs = work.perSample(positions * outs);
    sums =
        work.keepsSums() || fused || activation.needsSums()
            ? work.perSample(positions * outs)
            : outputs;
    outputGradient = work.passedGradient(positions * outs, inGradient);
    boolean first = inGradient == null && positions == 1;
    columns =
        first && ins >= PACKED_INS && outs >= PACKED_OUTS
            ? new FloatColumns(ins, outs, work.rows(), work.team().lanes())
            : null;
    packedIn = columns == null ? NONE : work.perSample(ins);
    packedWeights = columns == null ? NONE : new float[ins * outs];
    packedGradient = columns == null ? NONE : new float[ins * outs];
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
    count = rows * positions;
    var team = Tiles.team(work.team(), (long) count * ins * outs);
    tiles = Tiles.count(count, (long) ins * outs);
    packed = columns != null && columns.find(in, count);
    if (packed && columns != null) {
      packedIns = columns.count();
      team.run(PACKING_PIECES, packPiece);
    }
    team.run(tiles, forwardPiece);
  }

  private void packPiece(int index, int lane) {
    int first = outs * index / PACKING_PIECES;
    int end = outs * (index + 1) / PACKING_PIECES;
    if (columns != null) {
      columns.pack(work.parameters(), offset, first, end, packedWeights);
      columns.takeWeights(work.parameters(), offset, first, end);
    }
  }

  private void forwardPiece(int index, int lane) {
    int from = Tiles.bound(index, tiles, count);
    int to = Tiles.bound(index + 1, tiles, count);
    float[] parameters = work.parameters();
    int biases = offset + ins * outs;
    if (packed && columns != null) {
      columns.addRare(in, from, to, parameters, biases, sums, lane);
      columns.pack(in, 0, from, to, packedIn);
      addProduct(from, to, packedIn, packedIns, packedWeights, 0);
    } else {
      // the product is added to the biases: adding them to it would be another pass
      for (int r = from; r < to; r++) {
        System.arraycopy(parameters, biases, sums, r * outs, outs);
      }
      addProduct(from, to, in, ins, parameters, offset);
    }
    FloatActivations.forward(activation, sums, outputs, from * outs, to * outs, outs);
  }

  private void addProduct(int from, int to, float[] x, int width, float[] weights, int first) {
    FloatMatrix.multiply(
        false,
        true,
        to - from,
        outs,
        width,
        x,
        from * width,
        width,
        weights,
        first,
        width,
        1,
        sums,
        from * outs,
        outs);
  }

  @Override
  public void backward(int rows) {
    throughActivation(rows);
    gradients(inGradient == null ? 0 : tiles);
  }

  @Override
  public void backwardToInputs(int rows) {
    throughActivation(rows);
    if (inGradient != null) {
      team().run(tiles, inputPiece);
    }
  }

  @Override
  public void backwardToWeights(int rows) {
    count = rows * positions;
    gradients(0);
  }

  private Team team() {
    return Tiles.team(work.team(), (long) count * ins * outs);
  }

  private void throughActivation(int rows) {
    count = rows * positions;
    tiles = Tiles.count(count, (long) ins * outs);
    if (!fused && activation.kind() != ActivationFunction.Kind.IDENTITY) {
      activationTiles = Tiles.ofRows(count, outs);
      team().run(activationTiles, activationPiece);
    }
  }

  /** Of weights and biases, and of so many tiles of inputs. */
  private void gradients(int tilesOfInputs) {
    columnTiles = Tiles.ofColumns(packed ? packedIns : ins, (long) count * outs);
    inTiles = tilesOfInputs;
    rarePieces = packed ? columnTiles : 0;
    var team = team();
    team.run(columnTiles + rarePieces + inTiles + 1, backwardPiece);
    if (packed) {
      team.run(PACKING_PIECES, unpackPiece);
    }
  }

  private void inputPiece(int index, int lane) {
    if (inGradient != null) {
      inputGradient(index, inGradient);
    }
  }

  private void unpackPiece(int index, int lane) {
    int first = outs * index / PACKING_PIECES;
    int end = outs * (index + 1) / PACKING_PIECES;
    if (columns != null) {
      columns.unpack(packedGradient, first, end, work.keep(), work.gradient(), offset);
    }
  }

  private void activationPiece(int index, int lane) {
    int from = Tiles.bound(index, activationTiles, count) * outs;
    int to = Tiles.bound(index + 1, activationTiles, count) * outs;
    FloatActivations.backward(activation, sums, outputs, outputGradient, from, to, outs);
  }

  /** Weight gradients by columns, packed and rare ones in turn; inputs' by rows; the biases'. */
  private void backwardPiece(int index, int lane) {
    int rest = index - columnTiles - rarePieces;
    if (rest < 0) {
      weightPiece(index, lane);
    } else if (rest < inTiles && inGradient != null) {
      inputGradient(rest, inGradient);
    } else {
      int bias = offset + ins * outs;
      FloatMatrix.sumRows(outputGradient, 0, count, outs, work.keep(), work.gradient(), bias);
    }
  }

  private void weightPiece(int index, int lane) {
    if (!packed || columns == null) {
      weightGradient(index, in, ins, work.keep(), work.gradient(), offset);
    } else if (index % 2 == 0) {
      weightGradient(index / 2, packedIn, packedIns, 0, packedGradient, 0);
    } else {
      int first = outs * (index / 2) / rarePieces;
      int end = outs * (index / 2 + 1) / rarePieces;
      columns.rareGradients(in, outputGradient, count, first, end, lane);
    }
  }

  private void weightGradient(
      int index, float[] x, int width, float keep, float[] to, int toOffset) {
    int from = Tiles.bound(index, columnTiles, width);
    int end = Tiles.bound(index + 1, columnTiles, width);
    FloatMatrix.multiply(
        true,
        false,
        outs,
        end - from,
        count,
        outputGradient,
        0,
        outs,
        x,
        from,
        width,
        keep,
        to,
        toOffset + from,
        width);
  }

  private void inputGradient(int index, float[] to) {
    int first = Tiles.bound(index, tiles, count);
    int end = Tiles.bound(index + 1, tiles, count);
    FloatMatrix.multiply(
        false,
        false,
        end - first,
        ins,
        outs,
        outputGradient,
        first * outs,
        outs,
        work.parameters(),
        offset,
        ins,
        0,
        to,
        first * ins,
        ins);
  }
}
