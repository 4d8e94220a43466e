package weft.notebook.kernel;

import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.SourceCodeAnalysis.Documentation;
import jdk.jshell.SourceCodeAnalysis.Suggestion;
import org.jspecify.annotations.Nullable;

/** Helps while a reader types: completion, documentation, whether the input is complete. */
final class Assistant {
  private final JShell shell;
  private final Magics magics;

  Assistant(JShell shell, Magics magics) {
    this.shell = shell;
    this.magics = magics;
  }

  /**
   * What could stand at the cursor; those of the expected type first.
   *
   * @param at the cursor, as Jupyter counts: in code points, of which Java may need two chars
   */
  ReplacementOptions complete(String source, int at) {
    int cursor = charsOf(source, at);
    int[] anchor = {cursor};
    int start = snippetStart(source, cursor);
    List<Suggestion> suggestions =
        analysis().completionSuggestions(source.substring(start), cursor - start, anchor);
    List<String> words =
        suggestions.stream()
            .sorted(Comparator.comparing(Suggestion::matchesType).reversed())
            .map(Suggestion::continuation)
            .distinct()
            .toList();
    int from = words.isEmpty() ? cursor : start + anchor[0];
    return new ReplacementOptions(
        words, source.codePointCount(0, from), source.codePointCount(0, cursor));
  }

  private static int charsOf(String source, int codePoints) {
    int all = source.codePointCount(0, source.length());
    return source.offsetByCodePoints(0, Math.max(0, Math.min(codePoints, all)));
  }

  /** Signature and documentation of what stands at the cursor (in code points), or null. */
  @Nullable DisplayData inspect(String source, int at) {
    int end = endOfName(source, charsOf(source, at));
    int start = snippetStart(source, end);
    List<Documentation> found =
        analysis().documentation(source.substring(start, end), end - start, true);
    if (found.isEmpty()) {
      return null;
    }
    return new DisplayData(
        found.stream().map(Assistant::describe).distinct().collect(Collectors.joining("\n\n")));
  }

  private static String describe(Documentation entry) {
    String javadoc = entry.javadoc();
    return javadoc == null || javadoc.isBlank()
        ? entry.signature()
        : entry.signature() + "\n" + Javadoc.text(javadoc);
  }

  /** JShell documents the name before the cursor, and a method once its bracket is open. */
  private static int endOfName(String source, int cursor) {
    int end = Math.min(cursor, source.length());
    while (end < source.length() && Character.isJavaIdentifierPart(source.charAt(end))) {
      end++;
    }
    return end < source.length() && source.charAt(end) == '(' ? end + 1 : end;
  }

  /** Where the statement around a position begins: JShell looks at one at a time. */
  private int snippetStart(String source, int position) {
    Magics.CellMagic whole = magics.cellMagic(source);
    int start = whole == null ? 0 : Math.min(source.length() - whole.body().length(), position);
    while (start < position) {
      Magics.LineMagic line = magics.lineMagic(source, start);
      if (line != null) {
        if (line.end() > position) {
          return position; // nothing of Java's in a magic
        }
        start = line.end();
        continue;
      }
      CompletionInfo info = analysis().analyzeCompletion(source.substring(start));
      int next = source.length() - info.remaining().length();
      if (info.source() == null || info.source().isEmpty() || next >= position || next <= start) {
        return start;
      }
      start = next;
    }
    return start;
  }

  /** Jupyter's answer to {@code is_complete_request}; for incomplete input, the next indent. */
  String isComplete(String source) {
    if (source.stripLeading().startsWith("%%")) {
      return source.endsWith("\n") ? "complete" : "";
    }
    String rest = source;
    while (true) {
      Magics.LineMagic line = magics.lineMagic(rest, 0);
      if (line != null) {
        rest = rest.substring(line.end());
        if (rest.isBlank()) {
          return "complete";
        }
        continue;
      }
      CompletionInfo info = analysis().analyzeCompletion(rest);
      switch (info.completeness()) {
        case UNKNOWN -> {
          return "invalid";
        }
        case DEFINITELY_INCOMPLETE, CONSIDERED_INCOMPLETE -> {
          return indent(source);
        }
        default -> {
          if (info.remaining().isBlank()) {
            return "complete";
          }
          rest = info.remaining();
        }
      }
    }
  }

  private static String indent(String source) {
    String last = source.substring(source.lastIndexOf('\n') + 1);
    String blanks = last.substring(0, last.length() - last.stripLeading().length());
    return last.stripTrailing().endsWith("{") ? blanks + "  " : blanks;
  }

  private SourceCodeAnalysis analysis() {
    return shell.sourceCodeAnalysis();
  }
}
