package weft.nn.compute;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds what some layers make of the input to the input itself. */
public final class FloatResidual extends FloatStage {
  private final FloatWorkspace work;
  private final int size;
  private final FloatStage[] inside;
  private final float[] in;
  private final float @Nullable [] inGradient;
  private final float[] added;
  private final float[] addedGradient;
  private final float[] outputs;
  private final float[] outputGradient;
  private final Team.Piece forwardPiece = this::forwardPiece;
  private final Team.Piece copyPiece = this::copyPiece;
  private final Team.Piece addPiece = this::addPiece;
  private int count;
  private int tiles;

  /**
   * A new one, made once for a network.
   *
   * @param size numbers of a sample
   * @param inside the layers between, the first fed by {@code in} and writing {@code inGradient}
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   * @param outputGradient where dL/doutput will be, which no layer inside uses
   */
  public FloatResidual(
      FloatWorkspace work,
      int size,
      List<FloatStage> inside,
      float[] in,
      float @Nullable [] inGradient,
      float[] outputGradient) {
    this.work = work;
    this.size = size;
    this.inside = inside.toArray(new FloatStage[0]);
    this.in = in;
    this.inGradient = inGradient;
    added = inside.get(inside.size() - 1).outputs();
    addedGradient = inside.get(inside.size() - 1).outputGradient();
    outputs = work.perSample(size);
    this.outputGradient = outputGradient;
  }

  @Override
  public float[] outputs() {
    return outputs;
  }

  @Override
  public float[] outputGradient() {
    return outputGradient;
  }

  private void share(int rows, Team.Piece piece) {
    count = rows * size;
    tiles = Tiles.ofRows(count, 1);
    work.team().run(tiles, piece);
  }

  @Override
  public void forward(int rows) {
    for (int i = 0; i < inside.length; i++) {
      inside[i].forward(rows);
    }
    share(rows, forwardPiece);
  }

  private void forwardPiece(int index, int lane) {
    int end = Tiles.bound(index + 1, tiles, count);
    for (int i = Tiles.bound(index, tiles, count); i < end; i++) {
      outputs[i] = in[i] + added[i];
    }
  }

  @Override
  public void backward(int rows) {
    share(rows, copyPiece);
    for (int i = inside.length - 1; i >= 0; i--) {
      inside[i].backward(rows);
    }
    if (inGradient != null) {
      share(rows, addPiece);
    }
  }

  @Override
  public void backwardToInputs(int rows) {
    share(rows, copyPiece);
    for (int i = inside.length - 1; i >= 0; i--) {
      inside[i].backwardToInputs(rows);
    }
    if (inGradient != null) {
      share(rows, addPiece);
    }
  }

  @Override
  public void backwardToWeights(int rows) {
    for (FloatStage stage : inside) {
      stage.backwardToWeights(rows);
    }
  }

  /** A copy, since the layer inside may change its own. */
  private void copyPiece(int index, int lane) {
    int from = Tiles.bound(index, tiles, count);
    int end = Tiles.bound(index + 1, tiles, count);
    System.arraycopy(outputGradient, from, addedGradient, from, end - from);
  }

  private void addPiece(int index, int lane) {
    float[] to = inGradient;
    if (to == null) {
      return;
    }
    int end = Tiles.bound(index + 1, tiles, count);
    for (int i = Tiles.bound(index, tiles, count); i < end; i++) {
      to[i] += outputGradient[i];
    }
  }
}
