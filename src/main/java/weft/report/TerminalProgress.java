package weft.report;

import java.io.PrintStream;

/** One line of a terminal, rewritten. */
final class TerminalProgress implements Progress.View {
  private static final int WIDTH = 79;

  private final PrintStream out;
  private int length;

  TerminalProgress(PrintStream out) {
    this.out = out;
  }

  @Override
  public void show(Progress.Stage stage) {
    String whole = stage.title() + ": " + stage.line();
    write(whole.length() <= WIDTH ? whole : whole.substring(0, WIDTH - 1) + "…");
  }

  @Override
  public void clear() {
    write("");
    out.print('\r');
    out.flush();
  }

  private void write(String line) {
    out.print("\r" + line + " ".repeat(Math.max(0, length - line.length())));
    out.flush();
    length = line.length();
  }
}
