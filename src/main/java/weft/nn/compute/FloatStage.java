package weft.nn.compute;

/**
 * A layer at work on a batch, with the buffers it needs: made once, used for every batch, without
 * allocating. A sample's numbers lie together.
 */
public abstract class FloatStage {
  /** What the layer gives. */
  public abstract float[] outputs();

  /**
   * To be filled with dL/doutput by whoever uses the outputs. A layer with an activation leaves
   * dL/dz in it.
   */
  public abstract float[] outputGradient();

  /** Before the activation; the outputs, if there is none or z is not kept. */
  public float[] sums() {
    return outputs();
  }

  /** Computes the outputs of the first {@code rows} samples. */
  public abstract void forward(int rows);

  /** Computes the gradients of parameters and inputs from that of the outputs. */
  public abstract void backward(int rows);

  /**
   * Likewise of inputs, for which the layer before waits. Products leave the gradients of their
   * weights to {@link #backwardToWeights}; layers with few parameters, and those that make both in
   * one go, leave nothing. Gradients must be kept meanwhile: {@link Keeping#GRADIENTS}.
   */
  public void backwardToInputs(int rows) {
    backward(rows);
  }

  /** Computes what {@link #backwardToInputs} left. */
  public void backwardToWeights(int rows) {}
}
