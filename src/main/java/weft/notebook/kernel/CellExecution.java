package weft.notebook.kernel;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.Callable;
import jdk.jshell.execution.LocalExecutionControl;
import org.jspecify.annotations.Nullable;

/**
 * Runs the code of cells in this process, on a thread of its own, and stops it.
 *
 * <p>JShell passes values and exceptions on as text; this keeps the objects.
 */
public final class CellExecution extends LocalExecutionControl {
  private static final Method TRAMPOLINE = trampoline();

  /** The call under way: one kernel runs one snippet at a time, and the trampoline is static. */
  private static volatile @Nullable Call current;

  /** Told of what ends a thread that a cell started; JShell would keep it to itself. */
  private static volatile Thread.@Nullable UncaughtExceptionHandler uncaught;

  private @Nullable Object value;
  private @Nullable Throwable thrown;

  private static final class Call {
    final Callable<?> work;
    final Thread caller = Thread.currentThread();
    volatile @Nullable Thread runner;
    @Nullable Object value;
    @Nullable Throwable thrown;

    Call(Callable<?> work) {
      this.work = work;
    }
  }

  private static Method trampoline() {
    try {
      return CellExecution.class.getMethod("runCurrent");
    } catch (NoSuchMethodException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Says who is told of exceptions that end a cell's other threads. */
  static void onUncaught(Thread.UncaughtExceptionHandler handler) {
    uncaught = handler;
  }

  /** What the last snippet returned; asking forgets it. */
  @Nullable Object takeValue() {
    Object taken = value;
    value = null;
    return taken;
  }

  /** What the last snippet threw; asking forgets it. */
  @Nullable Throwable takeThrown() {
    Throwable taken = thrown;
    thrown = null;
    return taken;
  }

  @Override
  public void load(ClassBytecodes[] classes)
      throws ClassInstallException, NotImplementedException, EngineTerminationException {
    super.load(Arrays.stream(classes).map(ExitRewriter::rewrite).toArray(ClassBytecodes[]::new));
  }

  @Override
  protected String invoke(Method snippet) throws Exception {
    return invoke(new Call(() -> snippet.invoke(null)));
  }

  /**
   * Runs work of the kernel that calls the reader's code, {@code toString} for one, where and as a
   * snippet runs: it can be stopped. What it returns or throws is taken like a snippet's.
   */
  void call(Callable<?> work) throws Exception {
    clientCodeEnter();
    try {
      String unused = invoke(new Call(work));
    } finally {
      clientCodeLeave();
    }
  }

  private String invoke(Call call) throws Exception {
    Call outer = current; // of a cell that evaluates code itself
    current = call;
    try {
      return super.invoke(TRAMPOLINE);
    } finally {
      current = outer;
      value = call.value;
      thrown = call.thrown;
    }
  }

  /** Called by {@link LocalExecutionControl} on its new thread; not for readers. */
  public static void runCurrent() throws Throwable {
    Call call = current;
    if (call == null) {
      return;
    }
    Thread.UncaughtExceptionHandler handler = uncaught;
    if (handler != null) {
      Thread.setDefaultUncaughtExceptionHandler(handler); // JShell has just set its own
    }
    awaitJoin(call.caller);
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    if (handler == null || group.getClass() == ThreadGroup.class) {
      run(call);
    } else {
      runInGroup(group, handler, call);
    }
    if (call.thrown != null) {
      throw call.thrown;
    }
  }

  /**
   * Newer JDKs' groups keep to themselves what ends a cell's threads, so the cell gets a group of
   * its own inside, which tells.
   */
  private static void runInGroup(
      ThreadGroup outer, Thread.UncaughtExceptionHandler handler, Call call) {
    var group =
        new ThreadGroup(outer, "cell") {
          @Override
          public void uncaughtException(Thread thread, Throwable thrown) {
            handler.uncaughtException(thread, thrown);
          }
        };
    var thread = new Thread(group, () -> run(call));
    thread.start();
    boolean ended = false;
    while (!ended) {
      try {
        thread.join();
        ended = true;
      } catch (InterruptedException stopping) { // the cell's own thread got it too, and decides
        ended = !thread.isAlive();
      }
    }
  }

  private static void run(Call call) {
    call.runner = Thread.currentThread();
    Thread.currentThread().setName("cell");
    try {
      call.value = call.work.call();
    } catch (InvocationTargetException failure) {
      call.thrown = failure.getCause();
    } catch (Throwable failure) {
      call.thrown = failure;
    }
  }

  /**
   * JShell waits for every thread it finds in the cell's group just after starting it. Code that
   * starts a thread at once would keep its cell waiting for that thread too, by chance of timing.
   */
  private static void awaitJoin(Thread caller) throws InterruptedException {
    for (int tries = 0; tries < 100 && caller.getState() == Thread.State.RUNNABLE; tries++) {
      Thread.sleep(0, 50_000);
    }
  }

  /** Values of variables are rendered from the object, when they are a cell's result. */
  @Override
  public String varValue(String className, String varName) {
    return "";
  }

  /** Asks the running cell to stop: library code sees its thread interrupted. */
  void interrupt() {
    Call call = current;
    Thread runner = call == null ? null : call.runner;
    if (runner != null) {
      runner.interrupt();
    }
  }

  /** Whether a snippet is running. */
  boolean isRunning() {
    return current != null;
  }

  /** Gives the caller back to the kernel while the snippet's thread, deaf to all, runs on. */
  void abandon() {
    Call call = current;
    if (call != null) {
      call.caller.interrupt();
    }
  }

  /** Where the running snippet is, innermost first; empty when none runs. */
  StackTraceElement[] position() {
    Call call = current;
    Thread runner = call == null ? null : call.runner;
    return runner == null ? new StackTraceElement[0] : runner.getStackTrace();
  }
}
