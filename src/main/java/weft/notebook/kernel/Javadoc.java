package weft.notebook.kernel;

/** Javadoc's mark-up as plain text, well enough for a tooltip. */
final class Javadoc {
  private Javadoc() {}

  static String text(String javadoc) {
    return javadoc
        .replaceAll("(?s)<(?:p|/p|li|br|/ul|/ol|ul|ol)\\b[^>]*>", "\n")
        .replaceAll("(?s)</?[a-zA-Z][^>]*>", "")
        .replaceAll("(?s)\\{@(?:code|literal|link|linkplain|value)\\s+([^{}]*)}", "$1")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
        .replaceAll("\\n\\s*\\n\\s*\\n+", "\n\n")
        .strip();
  }
}
