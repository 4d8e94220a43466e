package weft.notebook.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.jspecify.annotations.Nullable;

/** Evaluates cells with JShell in this process: split, compile, run, and stop. */
final class JavaShell implements AutoCloseable {
  /** How long library code has to stop by itself before it is stopped. */
  private static final int GRACE_MS = 400;

  /** How long until a cell that cannot be stopped is left to itself. */
  private static final int ABANDON_MS = 5_000;

  private final CellExecution execution = new CellExecution();
  private final JShell shell;
  private final Origins origins;
  private final Failures failures;
  private final Magics magics;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "weft-interrupt");
            thread.setDaemon(true);
            return thread;
          });
  private final List<DeclarationSnippet> unresolved = new ArrayList<>();
  private volatile int cell;
  private final AtomicLong evaluation = new AtomicLong();
  private volatile boolean evaluating;
  private volatile boolean interrupted;
  private volatile @Nullable Thread evaluator;

  /** The expression whose value the cell's result is so far. */
  private Origins.@Nullable Place result;

  JavaShell(InputStream in, PrintStream out, PrintStream err) {
    shell = JShell.builder().executionEngine(engine(), Map.of()).in(in).out(out).err(err).build();
    origins = new Origins(shell);
    failures = new Failures(origins, shell);
    CellExecution.onUncaught(this::tell);
    magics = new Magics(shell::addToClasspath, this::evaluateText);
  }

  private void tell(Thread thread, Throwable thrown) {
    if (!thrown.getClass().getSimpleName().equals("ThreadDeath")) { // how an interrupt ends it
      System.err.println(failures.inThread(thread, thrown));
    }
  }

  private ExecutionControlProvider engine() {
    return new ExecutionControlProvider() {
      @Override
      public String name() {
        return "weft";
      }

      @Override
      public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
        return execution;
      }
    };
  }

  /** Evaluates a resource of imports and definitions, which counts as no cell. */
  void start(String resource) {
    try (InputStream in = JavaShell.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from the jar");
      }
      String script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
      for (String rest = script; !rest.isBlank(); ) {
        CompletionInfo info = analysis.analyzeCompletion(rest);
        for (SnippetEvent event : shell.eval(info.source())) {
          if (event.status() == Status.REJECTED) {
            throw new IllegalStateException(resource + " does not compile: " + info.source());
          }
        }
        rest = info.remaining();
      }
    } catch (IOException unreadable) {
      throw new IllegalStateException(resource + " cannot be read", unreadable);
    }
  }

  JShell jshell() {
    return shell;
  }

  Magics magics() {
    return magics;
  }

  /**
   * Runs a cell.
   *
   * @param form what to make of the value of the last expression; a part of the cell, as it may
   *     call the reader's code
   * @return the form of that value, or null if there is none
   */
  <T> @Nullable T evaluate(int cell, String source, Function<Object, T> form) throws Failure {
    this.cell = cell;
    evaluator = Thread.currentThread();
    interrupted = false;
    evaluation.incrementAndGet();
    evaluating = true;
    unresolved.clear();
    result = null;
    try {
      Object value = evaluateText(cell, source);
      return value == null ? null : formed(value, form);
    } finally {
      warnOfUnresolved();
      evaluating = false;
      evaluator = null;
      Thread.interrupted();
    }
  }

  private <T> T formed(Object value, Function<Object, T> form) throws Failure {
    if (interrupted) {
      throw Failures.interrupted();
    }
    var formed = new AtomicReference<T>();
    Throwable failed = null;
    try {
      execution.call(
          () -> {
            formed.set(form.apply(value));
            return null;
          });
    } catch (Exception reported) {
      Throwable thrown = execution.takeThrown();
      failed = thrown == null ? reported : thrown;
    }
    if (interrupted) {
      throw Failures.interrupted(failed);
    }
    if (failed != null) {
      throw failures.inShowing(failed, result);
    }
    return Objects.requireNonNull(formed.get());
  }

  /** Tells of definitions that still lack something once the whole cell has run. */
  private void warnOfUnresolved() {
    for (DeclarationSnippet snippet : unresolved) {
      Status status = shell.status(snippet);
      if (status == Status.RECOVERABLE_DEFINED || status == Status.RECOVERABLE_NOT_DEFINED) {
        System.err.println(CompileFailures.unresolved(shell, snippet));
      }
    }
  }

  /** Evaluates code from within a running cell. */
  @Nullable Object evaluateNested(String code) throws Failure {
    return evaluateText(cell, code);
  }

  private @Nullable Object evaluateText(int cell, String source) throws Failure {
    Magics.CellMagic whole = magics.cellMagic(source);
    if (whole != null) {
      return magic(() -> magics.run(whole, cell));
    }
    Object result = null;
    for (int at = SourceText.skipBlanks(source, 0);
        at < source.length();
        at = SourceText.skipBlanks(source, at)) {
      Magics.LineMagic line = magics.lineMagic(source, at);
      if (line != null) {
        result = magic(() -> magics.run(line, cell));
        at = line.end();
        continue;
      }
      CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(source.substring(at));
      if (info.completeness() == Completeness.EMPTY) {
        break;
      }
      String snippet = info.source();
      if (info.completeness() == Completeness.DEFINITELY_INCOMPLETE) {
        throw CompileFailures.incomplete(cell, source, at);
      }
      result = evaluateSnippet(cell, source, at, snippet);
      at =
          info.remaining().isEmpty()
              ? source.length()
              : source.length() - info.remaining().length();
    }
    return result;
  }

  private @Nullable Object evaluateSnippet(int cell, String source, int at, String snippet)
      throws Failure {
    if (interrupted) {
      throw Failures.interrupted();
    }
    execution.takeThrown();
    execution.takeValue();
    Origins.Start outer = origins.begin(new Origins.Start(cell, at, source));
    List<SnippetEvent> events;
    try {
      events = shell.eval(snippet);
    } finally {
      origins.begin(outer);
    }
    Object value = null;
    for (SnippetEvent event : events) {
      if (event.causeSnippet() == null) {
        origins.remember(event.snippet().id(), cell, at, source);
        value = valueOf(event, cell, source, at);
      }
    }
    if (interrupted) {
      throw Failures.interrupted();
    }
    return value;
  }

  private @Nullable Object valueOf(SnippetEvent event, int cell, String source, int at)
      throws Failure {
    Snippet snippet = event.snippet();
    Throwable thrown = execution.takeThrown();
    JShellException exception = event.exception();
    if (interrupted) {
      throw Failures.interrupted(thrown);
    }
    if (thrown instanceof Failure inner) { // of code that the cell evaluated itself
      throw inner;
    }
    if (exception != null) {
      throw failures.of(exception, thrown);
    }
    if (isUnusable(event)) {
      throw CompileFailures.unknownType(cell, source, at, shell, snippet);
    }
    if (event.status() == Status.REJECTED) {
      throw CompileFailures.of(cell, source, at, shell.diagnostics(snippet).toList());
    }
    boolean lacking =
        event.status() == Status.RECOVERABLE_DEFINED
            || event.status() == Status.RECOVERABLE_NOT_DEFINED;
    if (lacking && snippet instanceof DeclarationSnippet declaration) {
      unresolved.add(declaration);
    }
    Object value = execution.takeValue();
    result = Origins.of(cell, source, at);
    return isShown(snippet) ? value : null;
  }

  /** A variable of an unknown type: {@code foo bar}. A method may wait for a later definition. */
  private static boolean isUnusable(SnippetEvent event) {
    return event.status() == Status.RECOVERABLE_NOT_DEFINED
        && event.snippet().kind() == Snippet.Kind.VAR;
  }

  private static boolean isShown(Snippet snippet) {
    return snippet.kind() == Snippet.Kind.EXPRESSION
        || snippet.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND;
  }

  private interface MagicCall {
    @Nullable Object run() throws Exception;
  }

  private @Nullable Object magic(MagicCall call) throws Failure {
    try {
      return call.run();
    } catch (Failure failure) {
      throw failure;
    } catch (Exception failure) {
      if (interrupted) {
        throw Failures.interrupted();
      }
      String message = failure.getMessage();
      throw Failure.of("Magic", message == null ? failure.toString() : message);
    }
  }

  /**
   * Stops the running cell. First its thread is interrupted, which ends library loops and waits in
   * an orderly way; then its loops are stopped; what still runs is left to itself.
   */
  void interrupt() {
    if (!evaluating) {
      return;
    }
    interrupted = true;
    if (execution.isRunning()) {
      execution.interrupt();
    } else {
      Thread waiting = evaluator; // a magic that downloads, or a snippet still being compiled
      if (waiting != null) {
        waiting.interrupt();
      }
    }
    long meant = evaluation.get(); // the timers must not hit a later cell
    var unused = clock.schedule(() -> stop(meant), GRACE_MS, TimeUnit.MILLISECONDS);
    unused = clock.schedule(() -> abandon(meant), ABANDON_MS, TimeUnit.MILLISECONDS);
  }

  private boolean isStillRunning(long meant) {
    return evaluating && evaluation.get() == meant && execution.isRunning();
  }

  private void stop(long meant) {
    if (isStillRunning(meant)) {
      shell.stop();
    }
  }

  private void abandon(long meant) {
    if (isStillRunning(meant)) {
      System.err.println(failures.abandoned(execution.position()));
      execution.abandon();
    }
  }

  @Override
  public void close() {
    shell.close();
  }
}
