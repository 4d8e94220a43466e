package weft.notebook.kernel;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which line of which cell each JShell snippet came from. */
final class Origins {
  /** JShell names the file of a snippet's class by its id: {@code #12}. */
  private static final Pattern SNIPPET_FILE = Pattern.compile("#(\\w+).*");

  /**
   * A line of a cell.
   *
   * @param cell its execution number
   * @param line from 1
   * @param text the line
   */
  record Place(int cell, int line, String text) {
    @Override
    public String toString() {
      return "cell " + cell + ", line " + line;
    }
  }

  private record Start(int cell, int offset, String source) {}

  private final Map<String, Start> starts = new HashMap<>();

  /** Remembers that a snippet begins at a character of a cell. */
  void remember(String snippetId, int cell, int offset, String source) {
    starts.put(snippetId, new Start(cell, offset, source));
  }

  /** The cell line behind a frame as JShell gives it, or null for code that is not the reader's. */
  @Nullable Place of(StackTraceElement frame) {
    Matcher file = SNIPPET_FILE.matcher(frame.getFileName() == null ? "" : frame.getFileName());
    Start start = file.matches() ? starts.get(file.group(1)) : null;
    if (start == null) {
      return null;
    }
    int before = lineOf(start.source(), start.offset());
    return place(start, before + Math.max(frame.getLineNumber(), 1) - 1);
  }

  /** The cell line of a character of a cell. */
  static Place of(int cell, String source, int offset) {
    return place(new Start(cell, offset, source), lineOf(source, offset));
  }

  private static Place place(Start start, int line) {
    String[] lines = start.source().split("\n", -1);
    int within = Math.min(line, lines.length);
    return new Place(start.cell(), within, lines[within - 1].stripTrailing());
  }

  private static int lineOf(String source, int offset) {
    int end = Math.min(offset, source.length());
    return 1 + (int) source.substring(0, end).chars().filter(c -> c == '\n').count();
  }
}
