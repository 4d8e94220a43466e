package weft.notebook.kernel;

/** Looks at Java source without compiling it. */
final class SourceText {
  private SourceText() {}

  /**
   * The first character at or after a position that is neither blank nor comment. JShell miscounts
   * the lines of a definition that has either before it.
   */
  static int skipBlanks(String source, int at) {
    int start = at;
    while (start < source.length()) {
      int next = blankEnd(source, start);
      if (next == start) {
        break;
      }
      start = next;
    }
    return start;
  }

  /** The end of the blank or the comment at a position; the position itself if there is neither. */
  private static int blankEnd(String source, int at) {
    if (Character.isWhitespace(source.charAt(at))) {
      return at + 1;
    }
    if (source.startsWith("//", at)) {
      int end = source.indexOf('\n', at);
      return end < 0 ? source.length() : end + 1;
    }
    if (source.startsWith("/*", at)) {
      int end = source.indexOf("*/", at + 2);
      return end < 0 ? at : end + 2;
    }
    return at;
  }
}
