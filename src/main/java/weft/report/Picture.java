package weft.report;

import weft.units.Check;

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

  /**
   * @throws IllegalArgumentException if either is missing
   */
  public Picture {
    Check.notNull("a picture's svg", svg, "give a complete <svg> element");
    Check.notNull("a picture's alt text", alt, "say in a sentence what the picture shows");
  }

  /** The {@link #alt} text: a picture printed in a terminal says what it shows. */
  @Override
  public String toString() {
    return alt;
  }
}
