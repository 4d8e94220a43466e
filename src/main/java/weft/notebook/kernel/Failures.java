package weft.notebook.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.UnresolvedReferenceException;
import org.jspecify.annotations.Nullable;

/**
 * Words what a cell threw: message first, then the reader's own lines, then each cause.
 *
 * <p>Frames of libraries are left out but for the place an exception comes from; what an API
 * refuses (an {@code IllegalArgumentException} out of Weft) is told by its message alone.
 */
final class Failures {
  private static final int MOST_FRAMES = 12;

  private final Origins origins;
  private final JShell shell;

  Failures(Origins origins, JShell shell) {
    this.origins = origins;
    this.shell = shell;
  }

  static Failure interrupted() {
    return Failure.of("Interrupted", "the cell was stopped; the kernel is ready for the next one");
  }

  /** An interruption that may say what it broke off. */
  static Failure interrupted(@Nullable Throwable thrown) {
    String message = thrown == null ? null : thrown.getMessage();
    return message == null || !(thrown instanceof java.util.concurrent.CancellationException)
        ? interrupted()
        : Failure.of("Interrupted", message.replaceFirst("^interrupted: ", "during "));
  }

  /** For a reader whose cell cannot be stopped. */
  static String abandoned(StackTraceElement[] position) {
    String where =
        Arrays.stream(position)
            .filter(frame -> !isMachinery(frame))
            .findFirst()
            .map(frame -> frame.getClassName() + "." + frame.getMethodName())
            .orElse("library code");
    return "The cell does not stop: "
        + where
        + " does not listen to interrupts. It was left running in the background; the kernel"
        + " takes further cells. Restart the kernel to be rid of it.";
  }

  /**
   * The failure behind what JShell reports.
   *
   * @param thrown the exception itself, where known
   */
  Failure of(Exception reported, @Nullable Throwable thrown) {
    if (reported instanceof UnresolvedReferenceException unresolved) {
      return unresolved(unresolved);
    }
    var lines = new ArrayList<String>();
    String prefix = "";
    int depth = 0;
    for (Throwable each = reported; each != null && depth++ < 20; each = each.getCause()) {
      describe(prefix, each, lines);
      prefix = "Caused by: ";
    }
    String message = reported.getMessage();
    if (message == null && thrown != null && thrown.getCause() != null) {
      message = thrown.getCause().getMessage();
    }
    return new Failure(nameOf(reported), message == null ? "" : message, lines);
  }

  private void describe(String prefix, Throwable each, List<String> lines) {
    String name = nameOf(each);
    String message = each.getMessage();
    lines.add(prefix + Ink.bold(name) + (message == null ? "" : ": " + message));
    StackTraceElement[] frames = each.getStackTrace();
    String source = sourceOf(name, frames);
    if (source != null) {
      lines.add("    thrown in " + source);
    }
    int shown = 0;
    for (StackTraceElement frame : frames) {
      Origins.Place place = origins.of(frame);
      if (place == null) {
        continue;
      }
      if (++shown > MOST_FRAMES) {
        lines.add("    ... and more of the same");
        break;
      }
      lines.add("    at " + place + methodOf(frame) + ":  " + Ink.faint(place.text().strip()));
    }
  }

  private static String nameOf(Throwable each) {
    if (each instanceof EvalException eval) {
      String name = eval.getExceptionClassName();
      if (name.equals(ExitGuard.CellExit.class.getName())) {
        return "Exit";
      }
      return name.startsWith("REPL.") ? name.substring(name.lastIndexOf('$') + 1) : name;
    }
    return each.getClass().getName();
  }

  private static String methodOf(StackTraceElement frame) {
    String method = frame.getMethodName();
    boolean plain = method.isEmpty() || method.startsWith("do_it$") || method.startsWith("lambda$");
    return plain ? "" : ", in " + method + "()";
  }

  /** The library method an exception came out of; null where the reader's code threw it. */
  private @Nullable String sourceOf(String name, StackTraceElement[] frames) {
    if (frames.length == 0 || origins.of(frames[0]) != null) {
      return null;
    }
    StackTraceElement first = frames[0];
    boolean refusal =
        first.getClassName().startsWith("weft.")
            && (name.endsWith("ArgumentException") || name.endsWith("StateException"));
    return refusal || isMachinery(first)
        ? null
        : first.getClassName() + "." + first.getMethodName() + lineOf(first);
  }

  private static String lineOf(StackTraceElement frame) {
    return frame.getLineNumber() > 0
        ? " (" + frame.getFileName() + ":" + frame.getLineNumber() + ")"
        : "";
  }

  private static boolean isMachinery(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.startsWith("weft.notebook.kernel.")
        || type.startsWith("jdk.internal.reflect.")
        || type.startsWith("java.lang.reflect.")
        || type.startsWith("jdk.jshell.")
        || type.startsWith("REPL.");
  }

  private Failure unresolved(UnresolvedReferenceException unresolved) {
    DeclarationSnippet snippet = unresolved.getSnippet();
    String missing = shell.unresolvedDependencies(snippet).collect(Collectors.joining(", "));
    String message =
        missing.isEmpty()
            ? CompileFailures.unresolved(shell, snippet)
            : snippet.name() + " uses " + missing + ", which is not defined yet";
    return Failure.of("Undefined", message);
  }
}
