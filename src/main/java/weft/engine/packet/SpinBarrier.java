package weft.engine.packet;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Where threads wait for each other. Windows take well under a millisecond, so a waiting thread
 * spins, and rests only when the others are long in coming. Where there are fewer processors than
 * threads it lets the others have its own at once.
 */
final class SpinBarrier {
  private static final int SPINS = 10_000;
  private static final int YIELDS = 16; // with fewer processors than threads
  private static final long REST_NANOS = 20_000;

  private final int threads;
  private final boolean crowded;
  private final int patience; // rounds before it sleeps
  private final AtomicInteger missing;
  private volatile int round;

  SpinBarrier(int threads) {
    this.threads = threads;
    crowded = threads > Runtime.getRuntime().availableProcessors();
    patience = crowded ? YIELDS : SPINS;
    missing = new AtomicInteger(threads);
  }

  /** Returns once all threads have called it. */
  // only the last to come writes; yielding is what waits for a thread that has no processor
  @SuppressWarnings({"NonAtomicVolatileUpdate", "ThreadPriorityCheck"})
  void await() {
    int mine = round;
    if (missing.decrementAndGet() == 0) {
      missing.set(threads);
      round = mine + 1;
      return;
    }
    for (int i = 0; round == mine; i++) {
      if (i >= patience) {
        LockSupport.parkNanos(REST_NANOS);
      } else if (crowded) {
        Thread.yield();
      } else {
        Thread.onSpinWait();
      }
    }
  }
}
