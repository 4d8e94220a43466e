package weft.notebook.kernel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis.SnippetWrapper;
import org.jspecify.annotations.Nullable;

/** Which line of which cell each JShell snippet came from. */
final class Origins {
  /** JShell names the file of a snippet's class by its id: {@code #12}. */
  private static final Pattern SNIPPET_FILE = Pattern.compile("#(\\w+).*");

  /** The class around a snippet, as frames have it that JShell did not translate. */
  private static final Pattern SNIPPET_CLASS =
      Pattern.compile("REPL\\.\\$JShell\\$([a-z]*\\d+)[A-Z]*(?:\\$.*)?");

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

  /** Where a snippet begins. */
  record Start(int cell, int offset, String source) {
    private boolean isOf(Snippet snippet) {
      return source.startsWith(snippet.source().strip(), offset);
    }
  }

  private final JShell shell;
  private final Map<String, Start> starts = new ConcurrentHashMap<>();
  private volatile @Nullable Start current;

  Origins(JShell shell) {
    this.shell = shell;
  }

  /**
   * Says where the snippet that is about to run begins; its id is known only afterwards.
   *
   * @return what was said before
   */
  @Nullable Start begin(@Nullable Start next) {
    Start before = current;
    current = next;
    return before;
  }

  /** Remembers that a snippet begins at a character of a cell. */
  void remember(String snippetId, int cell, int offset, String source) {
    starts.put(snippetId, new Start(cell, offset, source));
  }

  /** The cell line behind a frame, or null for code that is not the reader's. */
  @Nullable Place of(StackTraceElement frame) {
    Matcher file = SNIPPET_FILE.matcher(frame.getFileName() == null ? "" : frame.getFileName());
    if (!file.matches()) {
      return untranslated(frame);
    }
    Start start = starts.get(file.group(1));
    if (start == null) {
      return null;
    }
    int before = lineOf(start.source(), start.offset());
    return place(start, before + Math.max(frame.getLineNumber(), 1) - 1);
  }

  private @Nullable Place untranslated(StackTraceElement frame) {
    Matcher type = SNIPPET_CLASS.matcher(frame.getClassName());
    if (!type.matches()) {
      return null;
    }
    Snippet snippet =
        shell.snippets().filter(each -> each.id().equals(type.group(1))).findFirst().orElse(null);
    Start start = starts.get(type.group(1));
    Start running = current;
    if (start == null && snippet != null && running != null && running.isOf(snippet)) {
      start = running;
    }
    if (start == null || snippet == null) {
      return null;
    }
    int before = lineOf(start.source(), start.offset());
    return place(start, before + lineWithin(snippet, frame.getLineNumber()) - 1);
  }

  /** The line of a snippet, from 1, that is this line of the class JShell wrapped around it. */
  private int lineWithin(Snippet snippet, int wrappedLine) {
    SnippetWrapper wrapper = shell.sourceCodeAnalysis().wrapper(snippet);
    String wrapped = wrapper.wrapped();
    int end = -1;
    for (int line = 0; line < wrappedLine && end < wrapped.length(); line++) {
      int next = wrapped.indexOf('\n', end + 1);
      end = next < 0 ? wrapped.length() : next;
    }
    String source = snippet.source().stripTrailing();
    int position = wrapper.wrappedToSourcePosition(Math.max(end, 0));
    return lineOf(source, Math.max(0, Math.min(position, source.length())));
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
