package weft.job;

import weft.llm.Experts;
import weft.llm.Heads;
import weft.llm.Transformer;
import weft.parallel.ParallelPlan;

/**
 * What one GPU calculates for one micro-batch, forward, kernel by kernel, in bf16. Element-wise
 * work is fused as Narayanan et al. describe (SC21, section 4.2): bias with GELU, bias with dropout
 * and addition, scale with mask and softmax. Their kernels wait for memory, which is why small
 * models reach a lower share of the peak than large ones.
 */
final class LayerWork {
  private static final int BYTES = 2;

  private final Transformer model;
  private final ParallelPlan plan;
  private final double tokens;
  private final double hidden;
  private final int tensor;

  LayerWork(Transformer model, ParallelPlan plan) {
    this.model = model;
    this.plan = plan;
    tokens = (double) plan.microBatch() * model.sequence() / plan.context();
    hidden = model.hidden();
    tensor = plan.tensor();
  }

  /** All of a layer but its attention's products: the mean of dense layers and those of experts. */
  Kernels outsideAttention() {
    var kernels = new Kernels();
    Heads heads = model.heads();
    double out = heads.outputWidth() * hidden;
    double in = heads.weights(model.hidden()) - out;
    double wide = heads.queryWidth() + heads.keyWidth() + heads.valueWidth();
    product(kernels, in, in, hidden + wide / tensor);
    product(kernels, out, out, hidden + (double) heads.outputWidth() / tensor);
    double dense = 1 - (double) model.expertLayers() / model.layers();
    network(kernels, dense, model.ffn(), model.ffn());
    model.experts().ifPresent(mixture -> experts(kernels, 1 - dense, mixture));
    double alike = tokens * hidden / (plan.isSequenceParallel() ? tensor : 1);
    int addition = model.form().hasDropout() ? 7 : 6;
    kernels.add(0, 2 * 4 * alike).add(0, 2 * addition * alike);
    return kernels;
  }

  private void experts(Kernels kernels, double share, Experts mixture) {
    double visited = (double) (mixture.active() + mixture.shared()) * mixture.width();
    double held = ((double) mixture.count() / plan.expert() + mixture.shared()) * mixture.width();
    network(kernels, share, visited, held);
  }

  /** A feed-forward network in this share of all layers. */
  private void network(Kernels kernels, double share, double width, double heldWidth) {
    if (share <= 0) {
      return;
    }
    int before = model.form().matrices() - 1;
    double in = share * before * hidden;
    double values = share * (hidden + before * width / tensor);
    product(kernels, in * width, in * heldWidth, values);
    kernels.add(0, share * BYTES * (before + 1) * tokens * width / tensor);
    double back = share * (hidden + width / tensor);
    product(kernels, share * hidden * width, share * hidden * heldWidth, back);
  }

  /** A product of each token with so many weights, which reads and writes so many numbers. */
  private void product(Kernels kernels, double weights, double held, double valuesPerToken) {
    kernels.add(2 * tokens * weights / tensor, BYTES * (held / tensor + tokens * valuesPerToken));
  }

  /** The products of queries with keys and of scores with values, and what is between them. */
  Kernels attention() {
    var kernels = new Kernels();
    Heads heads = model.heads();
    double perGpu = tokens / tensor;
    double in = BYTES * perGpu * (heads.queryWidth() + heads.keyWidth());
    double out = BYTES * perGpu * (heads.valueWidth() + heads.outputWidth());
    double flops = perGpu * heads.productFlops(model.sequence());
    if (plan.hasFlashAttention()) {
      return kernels.add(flops / 2, in + out);
    }
    double first = 2 * perGpu * model.sequence() * heads.queryWidth();
    double scores = perGpu * heads.count() * model.sequence();
    kernels.add(first, in + BYTES * scores);
    kernels.add(0, 2 * BYTES * scores);
    if (model.form().hasDropout()) {
      kernels.add(0, (2 * BYTES + 1) * scores);
    }
    return kernels.add(flops - first, out + BYTES * scores);
  }

  /** The output's product and the loss, on the last stage. */
  Kernels output() {
    double logits = tokens * model.vocabulary() / tensor;
    return new Kernels()
        .add(2 * logits * hidden, BYTES * (tokens * hidden + logits))
        .add(0, 6 * BYTES * logits);
  }
}
