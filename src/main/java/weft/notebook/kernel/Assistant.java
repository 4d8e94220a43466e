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

  Assistant(JShell shell) {
    this.shell = shell;
  }

  /** What could stand at the cursor; those of the expected type first. */
  ReplacementOptions complete(String source, int cursor) {
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
    return new ReplacementOptions(words, words.isEmpty() ? cursor : start + anchor[0], cursor);
  }

  /** Signature and documentation of what stands at the cursor, or null. */
  @Nullable DisplayData inspect(String source, int cursor) {
    int end = endOfName(source, cursor);
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
    int start = 0;
    while (start < position) {
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
    if (source.stripLeading().startsWith("%")) {
      return source.stripLeading().startsWith("%%") && !source.endsWith("\n") ? "" : "complete";
    }
    String rest = source;
    while (true) {
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
