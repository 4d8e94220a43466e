package weft.notebook.kernel;

import java.util.List;

/** Why a cell failed, in the reader's words. */
final class Failure extends Exception {
  private static final long serialVersionUID = 1;

  private final String name;
  private final transient List<String> lines;

  /**
   * @param name the kind of failure, which front ends show as its headline
   * @param message one line
   * @param lines the whole report
   */
  Failure(String name, String message, List<String> lines) {
    super(message, null, false, false);
    this.name = name;
    this.lines = List.copyOf(lines);
  }

  /** A failure that is said in one line. */
  static Failure of(String name, String message) {
    return new Failure(name, message, List.of(Ink.bold(name + ": ") + message));
  }

  String name() {
    return name;
  }

  String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  List<String> lines() {
    return lines;
  }
}
