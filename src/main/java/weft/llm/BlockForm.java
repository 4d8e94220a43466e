package weft.llm;

/** The two families of layers, which differ in what stands around the large matrices. */
public enum BlockForm {
  /**
   * GPT-2 and GPT-3: biases everywhere, LayerNorm, GELU between two matrices, learned positions,
   * dropout, the output's matrix is the embedding's.
   */
  GPT(2, 2, true),
  /**
   * Llama and most since: no biases, RMSNorm, SwiGLU with three matrices, positions by rotation, no
   * dropout, an output matrix of its own.
   */
  LLAMA(3, 1, false);

  private final int matrices;
  private final int perNorm;
  private final boolean classic;

  BlockForm(int matrices, int perNorm, boolean classic) {
    this.matrices = matrices;
    this.perNorm = perNorm;
    this.classic = classic;
  }

  /** Matrices of a feed-forward network: 2, or 3 with a gate. */
  public int matrices() {
    return matrices;
  }

  /** Whether training draws dropout masks, which the backward pass needs again. */
  public boolean hasDropout() {
    return classic;
  }

  /** Whether one matrix serves as embedding and as output. */
  public boolean isTied() {
    return classic;
  }

  boolean hasBiases() {
    return classic;
  }

  boolean hasLearnedPositions() {
    return classic;
  }

  /** Parameters of a norm for each number that it norms. */
  int perNorm() {
    return perNorm;
  }
}
