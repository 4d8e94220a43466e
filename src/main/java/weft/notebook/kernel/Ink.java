package weft.notebook.kernel;

/** Terminal colours, which notebooks show too; legible on light and dark grounds. */
final class Ink {
  private static final String END = "\u001B[0m";

  private Ink() {}

  static String bold(String text) {
    return "\u001B[1;31m" + text + END;
  }

  /** Text without its colours. */
  static String none(String text) {
    return text.replaceAll("\u001B\\[[0-9;]*m", "");
  }

  static String faint(String text) {
    return "\u001B[36m" + text + END;
  }
}
