package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/**
 * Adds their rows of numbers to some steps of a sequence. Parameters: the rows of all steps, of
 * which those of other steps get no gradient here.
 */
public final class FloatPositionsPart extends FloatStage {
  private final FloatWorkspace work;
  private final int offset;
  private final int all;
  private final FloatPositions own;

  /**
   * A new one, made once for a network.
   *
   * @param offset where the parameters begin
   * @param all parameters
   * @param first of them that is of these steps
   * @param size numbers of these steps of a sample
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatPositionsPart(
      FloatWorkspace work,
      int offset,
      int all,
      int first,
      int size,
      float[] in,
      float @Nullable [] inGradient) {
    this.work = work;
    this.offset = offset;
    this.all = all;
    own = new FloatPositions(work, offset + first, size, in, inGradient);
  }

  @Override
  public float[] outputs() {
    return own.outputs();
  }

  @Override
  public float[] outputGradient() {
    return own.outputGradient();
  }

  @Override
  public void forward(int rows) {
    own.forward(rows);
  }

  @Override
  public void backward(int rows) {
    work.beginGradient(offset, all);
    own.backward(rows);
  }
}
