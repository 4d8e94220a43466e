package weft.notebook.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
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

  /** How Weft's own loops begin their message: then comes what they were at. */
  private static final String BROKEN_OFF = "interrupted: ";

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
    return message != null
            && thrown instanceof CancellationException
            && message.startsWith(BROKEN_OFF)
        ? Failure.of("Interrupted", "during " + message.substring(BROKEN_OFF.length()))
        : interrupted();
  }

  /** For a reader whose cell cannot be stopped. */
  String abandoned(StackTraceElement[] position) {
    String where =
        Arrays.stream(position)
            .map(origins::of)
            .filter(Objects::nonNull)
            .findFirst()
            .map(place -> place + " goes on after every interrupt:\n    " + place.text().strip())
            .orElse("library code in it goes on after every interrupt.");
    return "The cell does not stop: "
        + where
        + "\nIt was left running in the background; the kernel takes further cells. Restart the"
        + " kernel to be rid of it.";
  }

  /** What ended a thread that a cell started, as Java words it, with the reader's lines. */
  String inThread(Thread thread, Throwable thrown) {
    var lines = report(thrown);
    lines.set(0, "Exception in thread \"" + thread.getName() + "\" " + lines.get(0));
    return Ink.none(String.join("\n", lines));
  }

  /**
   * The failure of showing a cell's value.
   *
   * @param shown the expression whose value it is, where known
   */
  Failure inShowing(Throwable thrown, Origins.@Nullable Place shown) {
    List<String> lines = report(thrown);
    if (shown != null) {
      lines.add("    in showing " + shown + ":  " + Ink.faint(shown.text().strip()));
    }
    String message = thrown.getMessage();
    return new Failure(nameOf(thrown), message == null ? "" : message, lines);
  }

  private List<String> report(Throwable thrown) {
    var lines = new ArrayList<String>();
    String prefix = "";
    int depth = 0;
    for (Throwable each = thrown; each != null && depth++ < 20; each = each.getCause()) {
      describe(prefix, each, lines);
      prefix = "Caused by: ";
    }
    return lines;
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
    List<String> lines = report(reported);
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
      return nameOf(eval.getExceptionClassName());
    }
    return each instanceof Failure failure ? failure.name() : nameOf(each.getClass().getName());
  }

  private static String nameOf(String type) {
    if (type.equals(ExitGuard.CellExit.class.getName())) {
      return "Exit";
    }
    return type.startsWith("REPL.") ? type.substring(type.lastIndexOf('$') + 1) : type;
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
