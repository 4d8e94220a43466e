package weft.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Independent pieces of work on all cores; the answers come in the order of the pieces. */
public final class Parallel {
  private Parallel() {}

  /**
   * Runs every piece, at most one a core at once.
   *
   * @throws CancellationException if this thread was interrupted, after every piece was told so
   * @throws RuntimeException what the first failing piece threw
   */
  public static <T> List<T> run(List<? extends Callable<? extends T>> pieces) {
    int threads = Math.min(pieces.size(), Runtime.getRuntime().availableProcessors());
    ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, threads), Parallel::daemon);
    try {
      var pending = new ArrayList<Future<? extends T>>();
      for (Callable<? extends T> piece : pieces) {
        pending.add(pool.submit(piece));
      }
      var answers = new ArrayList<T>();
      for (Future<? extends T> future : pending) {
        answers.add(future.get());
      }
      return answers;
    } catch (InterruptedException e) {
      throw new CancellationException("interrupted: runs on several cores");
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } finally {
      pool.shutdownNow();
    }
  }

  /**
   * Runs pieces that wait for each other: each has a thread of its own, and the failure of one
   * interrupts all others.
   *
   * @throws CancellationException if this thread was interrupted, after every piece was told so
   * @throws RuntimeException what the first failing piece threw
   */
  public static void together(List<? extends Runnable> pieces) {
    ExecutorService pool = Executors.newFixedThreadPool(pieces.size(), Parallel::daemon);
    var ended = new ExecutorCompletionService<@Nullable Object>(pool);
    try {
      pieces.forEach(piece -> ended.submit(piece, null));
      for (int i = 0; i < pieces.size(); i++) {
        ended.take().get();
      }
    } catch (InterruptedException e) {
      throw new CancellationException("interrupted: work of several that wait for each other");
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } finally {
      pool.shutdownNow();
    }
  }

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "weft-run");
    thread.setDaemon(true);
    return thread;
  }

  private static RuntimeException unwrapped(ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof RuntimeException || cause instanceof Error) {
      addCaller(cause);
    }
    if (cause instanceof RuntimeException failure) {
      return failure;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(cause);
  }

  /** Below the frames of the worker those of the caller, who would not be in the trace at all. */
  private static void addCaller(Throwable failure) {
    StackTraceElement[] worker = failure.getStackTrace();
    StackTraceElement[] caller = new Throwable().getStackTrace();
    int own = 2; // this method and unwrapped
    StackTraceElement[] both = Arrays.copyOf(worker, worker.length + caller.length - own);
    System.arraycopy(caller, own, both, worker.length, caller.length - own);
    failure.setStackTrace(both);
  }
}
