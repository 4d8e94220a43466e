package weft.engine.packet;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run on several threads, a worker each. A window takes two meetings: when all have sent, and
 * when all have taken over what was sent to them and said what is pending. From what was said
 * before the second meeting each thread finds the same next window.
 */
final class Together {
  private static final int FIRST_EVENT = 0;
  private static final int PENDING = 1;
  private static final int END = 2;
  private static final int WORDS = 16; // apart, so that threads do not share cache lines

  private final Crew crew;
  private final long limit;
  private final BooleanSupplier done;
  private final int threads;
  private final SpinBarrier barrier;
  private final long[] said; // by worker
  private final @Nullable Throwable[] failures;

  Together(Crew crew, long limit, BooleanSupplier done) {
    this.crew = crew;
    this.limit = limit;
    this.done = done;
    threads = crew.workers.length;
    barrier = new SpinBarrier(threads);
    said = new long[threads * WORDS];
    failures = new @Nullable Throwable[threads];
  }

  /** Runs until {@link Crew#run} would stop. */
  void run() {
    if (done.getAsBoolean()) {
      return;
    }
    var helpers = new Thread[threads];
    for (int w = 1; w < threads; w++) {
      int worker = w;
      helpers[w] = new Thread(() -> work(worker), "weft-packets-" + w);
      helpers[w].setDaemon(true);
      helpers[w].start();
    }
    work(0);
    for (Throwable failure : failures) {
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
    }
  }

  private void work(int w) {
    Worker worker = crew.workers[w];
    while (true) {
      crew.takeNews(w);
      say(w, worker);
      barrier.await();
      long end = nextEnd();
      if (end == Crew.NO_WINDOW) {
        return;
      }
      try {
        worker.run(end);
      } catch (RuntimeException | Error e) {
        failures[w] = e;
      }
      barrier.await();
    }
  }

  private void say(int w, Worker worker) {
    said[w * WORDS + FIRST_EVENT] = worker.earliest();
    said[w * WORDS + PENDING] = worker.pending;
    boolean stop = failures[w] != null || (w == 0 && told() && done.getAsBoolean());
    said[w * WORDS + END] = stop ? 1 : 0;
  }

  private boolean told() {
    for (Worker worker : crew.workers) {
      if (worker.told) {
        return true;
      }
    }
    return false;
  }

  private long nextEnd() {
    long first = Long.MAX_VALUE;
    long pending = 0;
    for (int w = 0; w < threads; w++) {
      first = Math.min(first, said[w * WORDS + FIRST_EVENT]);
      pending += said[w * WORDS + PENDING];
      if (said[w * WORDS + END] != 0) {
        return Crew.NO_WINDOW;
      }
    }
    return crew.nextEnd(first, pending, limit);
  }
}
