package weft.parallel;

import weft.llm.Experts;
import weft.llm.Transformer;

/**
 * Bytes that one layer keeps of a micro-batch until the backward pass (Korthikanti et al., arXiv
 * 2205.05198, section 4): for GPT's form {@code s b h (10 + 24/t + 5 a s/(h t))}, with sequence
 * parallelism {@code s b h/t (34 + 5 a s/h)}, without scores {@code 34 s b h/t}, with full
 * recomputation {@code 2 s b h}, of which with sequence parallelism each GPU has its section alone.
 *
 * <p>The same tensors are counted for other forms: SwiGLU keeps three of the inner width where GELU
 * keeps two, grouped keys and values are narrower, and models without dropout keep no masks.
 */
final class ActivationMemory {
  private final Transformer model;
  private final ParallelPlan plan;

  ActivationMemory(Transformer model, ParallelPlan plan) {
    this.model = model;
    this.plan = plan;
  }

  double tokens() {
    return (double) plan.microBatch() * model.sequence() / plan.context();
  }

  /** Of one layer on one GPU, as the plan keeps it. */
  double keptByLayer() {
    return plan.recomputation() == Recomputation.FULL
        ? 2 * tokens() * model.hidden() / (plan.isSequenceParallel() ? plan.tensor() : 1)
        : wholeLayer();
  }

  /** Of one layer on one GPU, all that its backward pass reads and is kept for it. */
  private double wholeLayer() {
    int t = plan.tensor();
    double alike = replicated() / (plan.isSequenceParallel() ? t : 1);
    boolean hasScores = plan.recomputation() == Recomputation.NONE;
    return tokens() * (alike + split() / t) + (hasScores ? scores() : 0);
  }

  /** Of the one layer that is calculated again, as long as its backward pass takes. */
  double recomputed() {
    return switch (plan.recomputation()) {
      case NONE -> 0;
      case SELECTIVE -> scores();
      case FULL -> wholeLayer() + scores();
    };
  }

  /** Inputs of norms, of the projections and of the network, with dropout's masks of a byte. */
  private double replicated() {
    int h = model.hidden();
    return 8.0 * h + (model.form().hasDropout() ? 2.0 * h : 0);
  }

  private double split() {
    var heads = model.heads();
    double attention =
        2.0 * (heads.queryWidth() + heads.keyWidth() + heads.valueWidth() + heads.outputWidth());
    double inner = 2.0 * model.form().matrices();
    double dense = model.ffn() * inner * (model.layers() - model.expertLayers());
    double mixed = model.experts().map(this::visited).orElse(0.0) * model.expertLayers();
    return attention + (dense + mixed) / model.layers();
  }

  /** Of a token's experts: their inner tensors and its copies that were sent to them. */
  private double visited(Experts experts) {
    double inner = 2.0 * model.form().matrices() * experts.width();
    return (experts.active() + experts.shared()) * inner + 2.0 * experts.active() * model.hidden();
  }

  /** Of attention, in every head and for every pair of tokens; none with FlashAttention. */
  private double scores() {
    int each = model.form().hasDropout() ? 5 : 2;
    double all = tokens() * each * model.heads().count() * model.sequence() / plan.tensor();
    return plan.hasFlashAttention() ? 0 : all;
  }
}
