package weft.notebook.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;

/** Words what the compiler refused: the line, a caret, the message. */
final class CompileFailures {
  private static final String NAME = "CompileError";

  private CompileFailures() {}

  /**
   * A failure from the compiler's diagnostics.
   *
   * @param at where in the cell's source the refused snippet begins
   */
  static Failure of(int cell, String source, int at, List<Diag> diagnostics) {
    var errors = diagnostics.stream().filter(Diag::isError).toList();
    if (errors.isEmpty()) {
      var place = Origins.of(cell, source, at);
      return new Failure(
          NAME,
          "not Java: " + place.text().strip(),
          List.of(Ink.bold("Not Java") + " at " + place + ":", "    " + place.text()));
    }
    var lines = new ArrayList<String>();
    for (Diag error : errors) {
      int from = clamp(at + (int) error.getStartPosition(), source);
      int to = clamp(at + (int) error.getEndPosition(), source);
      var place = Origins.of(cell, source, from);
      lines.add(Ink.bold("Does not compile") + " at " + place + ":");
      lines.add("    " + place.text());
      lines.add("    " + caret(source, from, to));
      message(error).forEach(line -> lines.add("  " + line));
    }
    return new Failure(NAME, message(errors.get(0)).get(0), lines);
  }

  /** A variable whose type is not known: the compiler says so only where it is used. */
  static Failure unknownType(int cell, String source, int at, JShell shell, Snippet variable) {
    var place = Origins.of(cell, source, at);
    String missing =
        shell
            .unresolvedDependencies((DeclarationSnippet) variable)
            .collect(Collectors.joining(", "));
    String name = missing.substring(missing.lastIndexOf(' ') + 1);
    int from = Math.max(source.indexOf(name, at), at);
    return new Failure(
        NAME,
        "cannot find symbol: " + missing,
        List.of(
            Ink.bold("Does not compile") + " at " + place + ":",
            "    " + place.text(),
            "    " + caret(source, from, from + name.length()),
            "  cannot find symbol: " + missing));
  }

  private static int clamp(int position, String source) {
    return Math.max(0, Math.min(position, source.length()));
  }

  /** Under a line: blanks (tabs where it has tabs), then a caret for each character meant. */
  private static String caret(String source, int from, int to) {
    int lineStart = source.lastIndexOf('\n', Math.max(from - 1, 0)) + 1;
    if (from == 0 || lineStart > from) {
      lineStart = Math.min(lineStart, from);
    }
    int lineEnd = source.indexOf('\n', from);
    int end = Math.min(to, lineEnd < 0 ? source.length() : lineEnd);
    String before = source.substring(lineStart, from).replaceAll("[^\t]", " ");
    return before + "^".repeat(Math.max(end - from, 1));
  }

  /** The message without the place inside JShell's wrapping, which is no place of the reader's. */
  private static List<String> message(Diag error) {
    return error
        .getMessage(Locale.ENGLISH)
        .lines()
        .filter(line -> !line.strip().startsWith("location:"))
        .toList();
  }

  /** A cell that ends in the middle of something. */
  static Failure incomplete(int cell, String source, int at) {
    var place = Origins.of(cell, source, at);
    String message = "the cell ends before this is complete: a bracket or a quote is missing";
    return new Failure(
        NAME,
        message,
        List.of(
            Ink.bold("Incomplete") + " at " + place + ":", "    " + place.text(), "  " + message));
  }

  /** What a definition that was accepted still lacks. */
  static String unresolved(JShell shell, DeclarationSnippet snippet) {
    String missing = shell.unresolvedDependencies(snippet).collect(Collectors.joining(", "));
    String problems =
        shell
            .diagnostics(snippet)
            .filter(Diag::isError)
            .map(error -> message(error).get(0))
            .collect(Collectors.joining("; "));
    return snippet.name()
        + " is defined, but cannot be used until this is put right: "
        + (missing.isEmpty() ? problems : "define " + missing);
  }
}
