package weft.llm;

import weft.units.Check;

/**
 * Multi-head latent attention: queries, and keys with values, are read out of two short vectors;
 * only the second is cached, with a positional key that all heads share (DeepSeek-V2, arXiv
 * 2405.04434, section 2.1).
 *
 * @param count heads, at least 1
 * @param queryRank numbers of the short vector of queries
 * @param kvRank numbers of the short vector of keys and values
 * @param width numbers of a head's key without position, and of its value
 * @param positional numbers of a head's key with position
 */
public record LatentHeads(int count, int queryRank, int kvRank, int width, int positional)
    implements Heads {
  /**
   * @throws IllegalArgumentException if a figure is below 1
   */
  public LatentHeads {
    Check.atLeast(1, "heads", count, "DeepSeek-V3 has 128");
    Check.atLeast(1, "queryRank", queryRank, "DeepSeek-V3 has 1536");
    Check.atLeast(1, "kvRank", kvRank, "DeepSeek-V3 has 512");
    Check.atLeast(1, "a head's width", width, "DeepSeek-V3 has 128");
    Check.atLeast(1, "a head's positional width", positional, "DeepSeek-V3 has 64");
  }

  @Override
  public long queryWidth() {
    return (long) count * (width + positional);
  }

  @Override
  public long keyWidth() {
    return queryWidth();
  }

  @Override
  public long valueWidth() {
    return (long) count * width;
  }

  @Override
  public long outputWidth() {
    return valueWidth();
  }

  @Override
  public long cachedWidth() {
    return (long) kvRank + positional;
  }

  @Override
  public long weights(int hidden) {
    long queries = (long) queryRank * (hidden + queryWidth());
    long keysAndValues = hidden * cachedWidth() + kvRank * 2L * count * width;
    return queries + keysAndValues + outputWidth() * hidden;
  }

  @Override
  public long biases(int hidden) {
    return 0;
  }

  @Override
  public long innerNorms() {
    return (long) queryRank + kvRank;
  }

  /** For example {@code 128 latent heads}. */
  @Override
  public String toString() {
    return count + " latent heads";
  }
}
