package weft.notebook.kernel;

/** What a cell's {@code System.exit} calls instead: it ends the cell, not the kernel. */
@SuppressWarnings("DoNotCallSuggester") // throwing is what they are for
public final class ExitGuard {
  private ExitGuard() {}

  /** Thrown where a cell asked the process to end. */
  static final class CellExit extends Error {
    private static final long serialVersionUID = 1;

    CellExit(int status) {
      super(
          "exit("
              + status
              + ") ended this cell only; the kernel and its variables live on."
              + " To start afresh, restart the kernel from the notebook's menu");
    }
  }

  /** In place of {@code System.exit(status)}. */
  public static void exit(int status) {
    throw new CellExit(status);
  }

  /** In place of {@code runtime.exit(status)} and {@code runtime.halt(status)}. */
  public static void exit(Runtime runtime, int status) {
    throw new CellExit(status);
  }
}
