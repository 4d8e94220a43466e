package weft.nn;

import java.util.List;

/**
 * The equations of one part of a pass.
 *
 * @param title {@code Forward pass}
 */
record Section(String title, List<Line> lines) {
  Section {
    lines = List.copyOf(lines);
  }

  /** As plain text, each line ended. */
  String text() {
    var text = new StringBuilder(title).append('\n');
    for (Line line : lines) {
      if (line instanceof Equation equation) {
        text(text, equation);
      } else if (line instanceof Remark remark) {
        text.append(remark.words()).append('\n');
      }
    }
    return text.toString();
  }

  private static void text(StringBuilder text, Equation equation) {
    String left = equation.left().in(PlainText.INSTANCE);
    text.append(left);
    for (int i = 0; i < equation.right().size(); i++) {
      if (equation.broken() && i == 1) {
        text.append('\n').append(left);
      }
      text.append(" = ").append(equation.right().get(i).in(PlainText.INSTANCE));
    }
    text.append('\n');
  }

  /** As one displayed formula, aligned at the first equals sign of each line. */
  String latex() {
    var latex = new StringBuilder("$$\\begin{aligned}\n&\\textbf{" + title + "}");
    for (Line line : lines) {
      latex.append(" \\\\[3pt]\n");
      if (line instanceof Equation equation) {
        latex(latex, equation);
      } else if (line instanceof Remark remark) {
        latex.append('&').append(Latex.INSTANCE.words(remark.words()));
      }
    }
    return latex.append("\n\\end{aligned}$$\n").toString();
  }

  private static void latex(StringBuilder latex, Equation equation) {
    latex.append(equation.left().in(Latex.INSTANCE));
    for (int i = 0; i < equation.right().size(); i++) {
      boolean newLine = equation.broken() && i == 1;
      latex.append(newLine ? " \\\\[3pt]\n" : " ").append(i == 0 || newLine ? "&= " : "= ");
      latex.append(equation.right().get(i).in(Latex.INSTANCE));
    }
  }
}
