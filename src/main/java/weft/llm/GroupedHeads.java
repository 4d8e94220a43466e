package weft.llm;

import weft.units.Check;

/**
 * Multi-head attention (Vaswani et al., 2017), or grouped-query attention (Ainslie et al., EMNLP
 * 2023) where fewer heads have keys and values than have queries.
 *
 * @param count query heads, at least 1
 * @param kvHeads heads with keys and values, a divisor of {@code count}
 * @param width numbers of one head, at least 1
 */
public record GroupedHeads(int count, int kvHeads, int width) implements Heads {
  /**
   * @throws IllegalArgumentException if a figure is outside its range
   */
  public GroupedHeads {
    Check.atLeast(1, "heads", count, "a small model has 12");
    Check.atLeast(1, "kvHeads", kvHeads, "multi-head attention has as many as heads");
    Check.atLeast(1, "a head's width", width, "most models have 128");
    if (count % kvHeads != 0) {
      throw new IllegalArgumentException(
          "as many query heads share each key-value head, but %d heads cannot be shared out to %d: give a divisor of %d"
              .formatted(count, kvHeads, count));
    }
  }

  @Override
  public long queryWidth() {
    return (long) count * width;
  }

  @Override
  public long keyWidth() {
    return (long) kvHeads * width;
  }

  @Override
  public long valueWidth() {
    return keyWidth();
  }

  @Override
  public long outputWidth() {
    return queryWidth();
  }

  @Override
  public long cachedWidth() {
    return 2 * keyWidth();
  }

  @Override
  public long weights(int hidden) {
    return 2L * hidden * (queryWidth() + keyWidth());
  }

  @Override
  public long biases(int hidden) {
    return queryWidth() + 2 * keyWidth() + hidden;
  }

  @Override
  public long innerNorms() {
    return 0;
  }

  /** For example {@code 128 heads, 8 with keys and values}. */
  @Override
  public String toString() {
    return count == kvHeads
        ? count + " heads"
        : "%d heads, %d with keys and values".formatted(count, kvHeads);
  }
}
