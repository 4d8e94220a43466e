package weft.report;

import weft.units.Check;

/**
 * Mathematics to be set: a notebook shows it typeset.
 *
 * @param latex what MathJax and LaTeX set: text and formulas between {@code $$}
 * @param text the same in plain text, for where nothing can be set
 */
public record Formula(String latex, String text) {
  static {
    Notebooks.join();
  }

  /**
   * @throws IllegalArgumentException if either is missing
   */
  public Formula {
    Check.notNull("a formula's LaTeX", latex, "give for example \"$$a^2$$\"");
    Check.notNull("a formula's plain text", text, "give for example \"a^2\"");
  }

  /** The {@link #latex} source, to be copied into a document. */
  @Override
  public String toString() {
    return latex;
  }
}
