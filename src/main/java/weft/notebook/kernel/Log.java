package weft.notebook.kernel;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The process's own standard error: what Jupyter's server shows, never a cell. */
final class Log {
  private static final PrintStream SERVER =
      new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);

  private Log() {}

  static void failure(String doing, Throwable failure) {
    SERVER.println("weft kernel: " + doing + " failed");
    failure.printStackTrace(SERVER);
  }
}
