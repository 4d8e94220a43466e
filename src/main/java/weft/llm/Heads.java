package weft.llm;

/** The attention of one layer, as far as its size and cost need it. */
public sealed interface Heads permits GroupedHeads, LatentHeads {
  /** Query heads. */
  int count();

  /** Numbers of all heads' queries for one token. */
  long queryWidth();

  /** Numbers of all heads' keys for one token, as the products see them. */
  long keyWidth();

  /** Numbers of all heads' values for one token. */
  long valueWidth();

  /** Numbers of all heads' results for one token, which the last projection reads. */
  long outputWidth();

  /** Numbers that inference keeps of each token in each layer: the KV cache. */
  long cachedWidth();

  /** Weights of a layer's projections, without biases and norms. */
  long weights(int hidden);

  /** Biases of a layer's projections, where a model has them. */
  long biases(int hidden);

  /** Parameters of norms inside of the attention, 0 for most. */
  long innerNorms();

  /**
   * FLOPs of one token's products with keys and values, forward: {@code 2 s} for each number of a
   * query and of a result, all positions counted as Narayanan et al. (SC21, appendix) do, whether a
   * causal mask leaves half of them out or not.
   */
  default double productFlops(int sequence) {
    return 2.0 * sequence * (queryWidth() + outputWidth());
  }
}
