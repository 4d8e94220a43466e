package weft.nn.compute;

/** Each token's own row of numbers. Parameters: the rows, {@code [vocabulary][width]}. */
public final class FloatEmbedding extends FloatStage {
  private final FloatWorkspace work;
  private final int offset;
  private final int vocabulary;
  private final int steps;
  private final int width;
  private final float[] in;
  private final float[] outputs;
  private final float[] outputGradient;

  /**
   * A new one, made once for a network.
   *
   * @param offset where the parameters begin
   * @param in the tokens, whole numbers from 0 below {@code vocabulary}
   */
  public FloatEmbedding(
      FloatWorkspace work, int offset, int vocabulary, int steps, int width, float[] in) {
    this.work = work;
    this.offset = offset;
    this.vocabulary = vocabulary;
    this.steps = steps;
    this.width = width;
    this.in = in;
    outputs = work.perSample(steps * width);
    outputGradient = work.passedGradient(steps * width, null);
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
    for (int p = 0; p < rows * steps; p++) {
      System.arraycopy(work.parameters(), offset + token(in[p]) * width, outputs, p * width, width);
    }
  }

  private int token(float value) {
    int token = (int) value;
    if (token != value || token < 0 || token >= vocabulary) {
      throw new IllegalArgumentException(
          "a token is a whole number from 0 to %d, got %s: give the network's tokens(...) the vocabulary of its data"
              .formatted(vocabulary - 1, value));
    }
    return token;
  }

  @Override
  public void backward(int rows) {
    work.beginGradient(offset, vocabulary * width);
    float[] gradient = work.gradient();
    for (int p = 0; p < rows * steps; p++) {
      int to = offset + token(in[p]) * width;
      int from = p * width;
      for (int i = 0; i < width; i++) {
        gradient[to + i] += outputGradient[from + i];
      }
    }
  }
}
