package weft.nn;

import java.util.List;
import java.util.stream.Collectors;
import weft.report.Formula;

/**
 * A pass, or an update, written out as a person would on paper: every weighted sum, activation and
 * chain-rule product, first in symbols and then in numbers. Long sums and wide layers are
 * shortened.
 *
 * <p>A notebook shows it as plain text, because that reads the same on every page, in a terminal
 * and without a network: notebooks typeset formulas by MathJax, which an exported page loads from
 * the web, and where it cannot, LaTeX source would be all there is. Who wants it typeset says so:
 * {@code pass.explain().latex()}.
 */
public final class Derivation {
  private final List<Section> sections;

  Derivation(List<Section> sections) {
    this.sections = List.copyOf(sections);
  }

  /** As plain text, in the names that tables and pictures use. */
  public String text() {
    return sections.stream().map(Section::text).collect(Collectors.joining("\n"));
  }

  /** To be typeset: a notebook shows the formulas, and its text is the LaTeX source. */
  public Formula latex() {
    return new Formula(
        sections.stream().map(Section::latex).collect(Collectors.joining("\n")), text());
  }

  List<Section> sections() {
    return sections;
  }

  /** The plain {@link #text()}. */
  @Override
  public String toString() {
    return text();
  }
}
