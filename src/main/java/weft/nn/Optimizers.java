package weft.nn;

/** The optimisers, meant to be imported statically. */
public final class Optimizers {
  private Optimizers() {}

  /**
   * Gradient descent without momentum; {@code sgd(0.1).momentum(0.9)} adds it.
   *
   * @param rate the learning rate η, above 0
   * @throws IllegalArgumentException if the rate is not a finite number above 0
   */
  public static Sgd sgd(double rate) {
    return new Sgd(OptimizerOptions.of(rate, "sgd(0.01)"), 0, false);
  }

  /**
   * Adam: steps of about η, whatever the gradient's size. β₁ = 0.9, β₂ = 0.999, ε = 1e-8; weight
   * decay, 0 at first, adds to the gradient (L2).
   *
   * @param rate the learning rate η, above 0
   * @throws IllegalArgumentException if the rate is not a finite number above 0
   * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, ICLR 2015</a>
   */
  public static AdaptiveMoments adam(double rate) {
    return AdaptiveMoments.of(AdaptiveMoments.Rule.ADAM, rate);
  }

  /**
   * Adam with decoupled weight decay: w shrinks by η·decay·w in each step. β₁ = 0.9, β₂ = 0.999, ε
   * = 1e-8 and a decay of 0.01, as PyTorch's AdamW.
   *
   * @param rate the learning rate η, above 0
   * @throws IllegalArgumentException if the rate is not a finite number above 0
   * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter, ICLR 2019</a>
   */
  public static AdaptiveMoments adamW(double rate) {
    return AdaptiveMoments.of(AdaptiveMoments.Rule.ADAM_W, rate);
  }

  /**
   * LAMB, for large batches: AdamW's step, for each weight tensor scaled to the norm of its
   * weights. β₁ = 0.9, β₂ = 0.999, ε = 1e-6 and a decay of 0.01, as NVIDIA's FusedLAMB.
   *
   * @param rate the learning rate η, above 0
   * @throws IllegalArgumentException if the rate is not a finite number above 0
   * @see <a href="https://arxiv.org/abs/1904.00962">You et al., ICLR 2020</a>
   */
  public static AdaptiveMoments lamb(double rate) {
    return AdaptiveMoments.of(AdaptiveMoments.Rule.LAMB, rate);
  }
}
