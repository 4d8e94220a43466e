package weft.llm;

import weft.units.Check;

/**
 * A mixture of experts in place of a layer's feed-forward network: a router sends each token to a
 * few of many (Shazeer et al., ICLR 2017).
 *
 * @param count experts that the router chooses among
 * @param active how many of them each token visits
 * @param shared experts that every token visits besides
 * @param width inner width of each
 * @param denseLayers layers, the first ones, that keep a feed-forward network
 */
public record Experts(int count, int active, int shared, int width, int denseLayers) {
  /**
   * @throws IllegalArgumentException if a figure is outside its range
   */
  public Experts {
    Check.atLeast(2, "experts", count, "Mixtral 8x7B has 8");
    Check.atLeast(1, "active experts", active, "Mixtral 8x7B sends a token to 2");
    Check.atLeast(0, "shared experts", shared, "DeepSeek-V3 has 1");
    Check.atLeast(1, "an expert's width", width, "Mixtral 8x7B has 14336");
    Check.atLeast(0, "dense layers", denseLayers, "DeepSeek-V3 has 3");
    if (active > count) {
      throw new IllegalArgumentException(
          "a token visits at most all experts, but %d of %d were asked for: give active <= count"
              .formatted(active, count));
    }
  }

  /** For example {@code 8 experts, 2 a token}. */
  @Override
  public String toString() {
    return "%d experts, %d a token%s"
        .formatted(count, active, shared > 0 ? " and %d shared".formatted(shared) : "");
  }
}
