package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/**
 * A mixture of experts: a router sends each position to some of them, each of which is two dense
 * layers, W₂·f(W₁·x + b₁) + b₂. Of the experts this worker may have some, and others the others;
 * copies of positions then go to their experts and back. No expert turns a position away, so that
 * there is room for all positions of all these workers. Parameters: the router's, then W₁, b₁, W₂,
 * b₂ of each expert that is here.
 */
public final class FloatExperts extends FloatStage {
  private final FloatWorkspace work;
  private final int first;
  private final int positions;
  private final int ins;
  private final int width;
  private final int own;
  private final int ranks;
  private final ActivationFunction activation;
  private final FloatRouter router;

  private final float[] copies;
  private final float[] back;
  private final float[] backGradient;

  /** What arrived here, expert by expert, of each by the worker it came from. */
  private final float[] arrived;

  private final float[] sums;
  private final float[] hidden;
  private final float[] hiddenGradient;
  private final float[] made;
  private final float[] madeGradient;

  private final int[] counts;
  private final int[] starts;
  private final int[] sections;
  private final int[] arrivedSections;
  private final float[] outputs;
  private final float[] outputGradient;
  private final Team.Piece forwardPiece = this::forwardPiece;
  private final Team.Piece backwardPiece = this::backwardPiece;

  /**
   * A new one, made once for a network.
   *
   * @param offset where the parameters begin
   * @param positions of a sample
   * @param ins numbers of a position, and of what comes out
   * @param experts of all workers
   * @param active experts that a position goes to
   * @param width neurons of an expert's first layer
   * @param ranks workers that share out the experts
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatExperts(
      FloatWorkspace work,
      int offset,
      int positions,
      int ins,
      int experts,
      int active,
      int width,
      ActivationFunction activation,
      int ranks,
      float[] in,
      float @Nullable [] inGradient) {
    this.work = work;
    this.positions = positions;
    this.ins = ins;
    this.width = width;
    this.activation = activation;
    this.ranks = ranks;
    own = experts / ranks;
    first = offset + experts * ins;
    router = new FloatRouter(work, offset, positions, ins, experts, active, in, inGradient);
    int sent = positions * active;
    int most = ranks * sent;
    copies = work.perSample(sent * ins);
    arrived = ranks == 1 ? copies : work.perSample(most * ins);
    hidden = work.perSample(most * width);
    sums = activation.needsSums() ? work.perSample(most * width) : hidden;
    made = work.perSample(most * ins);
    back = ranks == 1 ? made : work.perSample(sent * ins);
    hiddenGradient = work.gradientPerSample(most * width);
    madeGradient = work.gradientPerSample(most * ins);
    backGradient = ranks == 1 ? madeGradient : work.gradientPerSample(sent * ins);
    counts = new int[own];
    starts = new int[own];
    sections = new int[experts];
    arrivedSections = new int[experts];
    outputs = work.perSample(positions * ins);
    outputGradient = work.passedGradient(positions * ins, inGradient);
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
    router.dispatch(rows * positions, copies);
    for (int e = 0; e < sections.length; e++) {
      sections[e] = router.counts()[e] * ins;
    }
    toExperts(Exchange.SEND_TO_EXPERTS, copies, arrived);
    int start = 0;
    for (int e = 0; e < own; e++) {
      int count = 0;
      for (int r = 0; r < ranks; r++) {
        count += (ranks == 1 ? sections : arrivedSections)[e * ranks + r] / ins;
      }
      counts[e] = count;
      starts[e] = start;
      start += count;
    }
    work.team().run(own, forwardPiece);
    fromExperts(Exchange.RETURN_FROM_EXPERTS, made, back);
    router.combine(back, outputs);
  }

  private void toExperts(Exchange what, float[] from, float[] to) {
    if (ranks > 1) {
      work.peers().exchange(what, from, sections, to, arrivedSections);
    }
  }

  private void fromExperts(Exchange what, float[] from, float[] to) {
    if (ranks > 1) {
      work.peers().exchange(what, from, arrivedSections, to, sections);
    }
  }

  private int parametersBefore(int expert) {
    return first + expert * (width * ins + width + ins * width + ins);
  }

  private void forwardPiece(int e, int lane) {
    int n = counts[e];
    int at = starts[e];
    float[] p = work.parameters();
    int w1 = parametersBefore(e);
    int b1 = w1 + width * ins;
    int w2 = b1 + width;
    int b2 = w2 + ins * width;
    for (int r = at; r < at + n; r++) {
      System.arraycopy(p, b1, sums, r * width, width);
      System.arraycopy(p, b2, made, r * ins, ins);
    }
    int x = at * ins;
    int h = at * width;
    FloatMatrix.multiply(
        false, true, n, width, ins, arrived, x, ins, p, w1, ins, 1, sums, h, width);
    FloatActivations.forward(activation, sums, hidden, h, h + n * width, width);
    FloatMatrix.multiply(
        false, true, n, ins, width, hidden, h, width, p, w2, width, 1, made, x, ins);
  }

  @Override
  public void backward(int rows) {
    router.backward(outputGradient, back, backGradient);
    toExperts(Exchange.SEND_GRADIENTS_TO_EXPERTS, backGradient, madeGradient);
    work.team().run(own, backwardPiece);
    fromExperts(Exchange.RETURN_GRADIENTS_FROM_EXPERTS, madeGradient, backGradient);
    router.gather(backGradient);
  }

  /** Leaves dL/dx where dL/dmade was. */
  private void backwardPiece(int e, int lane) {
    int n = counts[e];
    int at = starts[e];
    int w1 = parametersBefore(e);
    if (n == 0) {
      work.beginGradient(w1, parametersBefore(e + 1) - w1);
      return;
    }
    int b1 = w1 + width * ins;
    int w2 = b1 + width;
    int b2 = w2 + ins * width;
    int x = at * ins;
    int h = at * width;
    float[] p = work.parameters();
    float[] g = work.gradient();
    float keep = work.keep();
    float[] dm = madeGradient;
    float[] dh = hiddenGradient;
    FloatMatrix.multiply(
        true, false, ins, width, n, dm, x, ins, hidden, h, width, keep, g, w2, width);
    FloatMatrix.sumRows(dm, at, n, ins, keep, g, b2);
    FloatMatrix.multiply(false, false, n, width, ins, dm, x, ins, p, w2, width, 0, dh, h, width);
    FloatActivations.backward(activation, sums, hidden, dh, h, h + n * width, width);
    FloatMatrix.multiply(
        true, false, width, ins, n, dh, h, width, arrived, x, ins, keep, g, w1, ins);
    FloatMatrix.sumRows(dh, at, n, width, keep, g, b1);
    FloatMatrix.multiply(false, false, n, ins, width, dh, h, width, p, w1, ins, 0, dm, x, ins);
  }
}
