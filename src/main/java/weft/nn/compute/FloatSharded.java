package weft.nn.compute;

/**
 * A layer whose gradient, and perhaps whose weights, are shared out among workers that learn other
 * samples: of each, this worker keeps a part. All weights are gathered before they are used, and
 * the sums of all workers' gradients are scattered (Rajbhandari et al., SC20, section 5).
 */
public final class FloatSharded extends FloatStage {
  private final FloatWorkspace work;
  private final int offset;
  private final int first;
  private final int own;
  private final int count;
  private final boolean keeping;
  private final float[] weights;
  private final float[] gradient;
  private final FloatStage stage;
  private long gathered = -1;

  /**
   * A new one, made once for a network.
   *
   * @param offset where this worker's part begins in the network's parameters
   * @param first of the layer's parameters that is this worker's
   * @param own how many are
   * @param count how many parameters the layer has
   * @param keeping whether gathered weights are kept for the rest of the step
   * @param inside what the layer works in, with all its weights and their gradient
   */
  public FloatSharded(
      FloatWorkspace work,
      int offset,
      int first,
      int own,
      int count,
      boolean keeping,
      FloatWorkspace inside,
      FloatStage stage) {
    this.work = work;
    this.offset = offset;
    this.first = first;
    this.own = own;
    this.count = count;
    this.keeping = keeping;
    this.stage = stage;
    weights = inside.parameters();
    gradient = inside.gradient();
  }

  @Override
  public float[] sums() {
    return stage.sums();
  }

  @Override
  public float[] outputs() {
    return stage.outputs();
  }

  @Override
  public float[] outputGradient() {
    return stage.outputGradient();
  }

  @Override
  public void forward(int rows) {
    gather();
    stage.forward(rows);
  }

  @Override
  public void backward(int rows) {
    gather();
    stage.backward(rows);
    work.peers().exchange(Exchange.SCATTER_GRADIENTS, gradient, count);
    float[] to = work.gradient();
    float keep = work.keep();
    for (int i = 0; i < own; i++) {
      to[offset + i] = keep * to[offset + i] + gradient[first + i];
    }
  }

  /** Kept weights change when the optimiser has stepped, and a step has a seed of its own. */
  private void gather() {
    if (!keeping || gathered != work.seed()) {
      System.arraycopy(work.parameters(), offset, weights, first, own);
      work.peers().exchange(Exchange.GATHER_WEIGHTS, weights, count);
      gathered = work.seed();
    }
  }
}
