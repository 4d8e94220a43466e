package weft.llm;

import org.jspecify.annotations.Nullable;
import weft.report.Digits;

/** How large a specification may be, so that counts of parameters and bytes are exact. */
final class Limits {
  /** A thousand times the largest model that anybody has published. */
  private static final double MOST_PARAMETERS = 1e15;

  private Limits() {}

  /**
   * @throws IllegalArgumentException if a model has more parameters than anybody could train
   */
  static void check(
      int layers, int hidden, Heads heads, int ffn, @Nullable Experts experts, int vocabulary) {
    double widths = attention(heads, hidden) / hidden + 3.0 * ffn;
    if (experts != null) {
      widths += 3.0 * ((double) experts.count() + experts.shared()) * experts.width();
    }
    double most = (layers * widths + 2.0 * vocabulary) * hidden;
    if (most > MOST_PARAMETERS) {
      throw new IllegalArgumentException(
          "a model has at most %s parameters here, but %d layers of %d would have some %s: lower layers or widths"
              .formatted(Digits.of(MOST_PARAMETERS), layers, hidden, Digits.of(most, 2)));
    }
  }

  private static double attention(Heads heads, int hidden) {
    double wide = (double) heads.queryWidth() + heads.keyWidth();
    return heads instanceof LatentHeads latent
        ? (latent.queryRank() + 2.0 * latent.kvRank() + hidden) * (wide + hidden)
        : 2 * wide * hidden;
  }
}
