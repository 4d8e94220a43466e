package weft.report;

/**
 * A drawing as SVG.
 *
 * @param svg a complete {@code <svg>} element with {@code width}, {@code height} and {@code
 *     viewBox}
 * @param alt what the picture shows, in a sentence, for readers who cannot see it
 */
public record Picture(String svg, String alt) {
  static {
    Notebooks.join();
  }

  /** The {@link #alt} text: a picture printed in a terminal says what it shows. */
  @Override
  public String toString() {
    return alt;
  }
}
