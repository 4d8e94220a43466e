package weft.parallel;

/** A way in which a plan cuts work, from neighbouring GPUs outwards. */
public enum ParallelAxis {
  /** Each matrix is cut; partial results are summed in every layer. */
  TENSOR,
  /** Each sequence is cut; keys and values are gathered in every layer. */
  CONTEXT,
  /** Experts are dealt out; tokens go to theirs and back in every layer. */
  EXPERT,
  /** The batch is cut; gradients are summed once a step. */
  DATA,
  /** Layers are cut into stages; activations are handed on. */
  PIPELINE;

  /** In lower case, for tables. */
  public String label() {
    return name().charAt(0) + name().substring(1).toLowerCase(java.util.Locale.ROOT);
  }
}
