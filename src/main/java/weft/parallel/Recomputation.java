package weft.parallel;

/**
 * Which activations are thrown away after the forward pass and calculated again in the backward
 * pass (Korthikanti et al., arXiv 2205.05198, section 5).
 */
public enum Recomputation {
  /** Everything is kept. */
  NONE,
  /** Attention's scores are calculated again: few FLOPs for most of the memory. */
  SELECTIVE,
  /** Only each layer's input is kept: one more forward pass. */
  FULL
}
