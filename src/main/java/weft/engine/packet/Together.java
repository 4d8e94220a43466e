package weft.engine.packet;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run on several threads, a worker each, that meet once a window. From what all have said
 * before they meet each finds the same next window; what is said is kept for two meetings, since a
 * thread may be one ahead.
 */
final class Together {
  private static final int FIRST_EVENT = 0;
  private static final int PENDING = 1;
  private static final int FAILED = 2;
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
    said = new long[2 * threads * WORDS];
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
    for (int round = 0; ; round ^= 1) {
      say(w, worker, round);
      barrier.await();
      long window = next(round);
      if (window == Crew.NO_WINDOW) {
        return;
      }
      try {
        worker.run(crew.workers, window, crew.end(window, limit));
      } catch (RuntimeException | Error e) {
        failures[w] = e;
      }
    }
  }

  private void say(int w, Worker worker, int round) {
    int at = (2 * w + round) * WORDS;
    said[at + FIRST_EVENT] = worker.earliest();
    said[at + PENDING] = worker.pending();
    said[at + FAILED] = failures[w] == null ? 0 : 1;
  }

  private long next(int round) {
    long first = Long.MAX_VALUE;
    long pending = 0;
    for (int w = 0; w < threads; w++) {
      int at = (2 * w + round) * WORDS;
      first = Math.min(first, said[at + FIRST_EVENT]);
      pending += said[at + PENDING];
      if (said[at + FAILED] != 0) {
        return Crew.NO_WINDOW;
      }
    }
    return crew.next(first, pending, limit);
  }
}
