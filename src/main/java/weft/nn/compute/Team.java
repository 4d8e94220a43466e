package weft.nn.compute;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share the numbered pieces of one layer's work: each begins with its own part of
 * them, whose numbers it may have in its cache from the layer before, and then takes what others
 * have left. Who takes a piece changes no bit, for what a piece is depends on the shapes alone.
 * Nothing is allocated by {@link #run}. One thread at a time may call it.
 */
public final class Team implements AutoCloseable {
  /** A team of the calling thread alone. */
  public static final Team ALONE = new Team(1);

  /** How often a thread looks for work before it sleeps; some tens of microseconds. */
  private static final int LOOKS = 20_000;

  private static final long PAUSE = 10_000;

  /** What is done for each piece of the work. */
  public interface Piece {
    /**
     * Does one piece.
     *
     * @param index of the piece, from 0
     * @param lane of the thread, below {@link Team#lanes()}: which scratch memory is its own
     */
    void run(int index, int lane);
  }

  private final Thread[] helpers;

  /**
   * Each thread's share of the pieces: generation of the work, the share's end, the next piece; so
   * many bits for the latter.
   */
  private final AtomicLongArray tickets;

  /** From one thread's ticket to the next, so that they lie in different cache lines. */
  private static final int APART = 16;

  private static final int BITS = 20;
  private static final int MASK = (1 << BITS) - 1;

  private final AtomicInteger done = new AtomicInteger();
  private volatile @Nullable Piece piece;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  private Team(int threads) {
    helpers = new Thread[threads - 1];
    tickets = new AtomicLongArray(threads * APART);
    for (int i = 0; i < helpers.length; i++) {
      int lane = i + 1;
      helpers[i] = new Thread(() -> help(lane), "weft-compute-" + lane);
      helpers[i].setDaemon(true);
      helpers[i].start();
    }
  }

  /** A team of so many threads, the calling one included; close it when the work is over. */
  public static Team of(int threads) {
    return threads <= 1 ? ALONE : new Team(threads);
  }

  /** One thread a core. */
  public static Team ofAllCores() {
    return of(Runtime.getRuntime().availableProcessors());
  }

  /** How many threads there are. */
  public int lanes() {
    return helpers.length + 1;
  }

  /** Runs all pieces, and returns when the last is done. */
  public void run(int count, Piece work) {
    if (helpers.length == 0 || count <= 1) {
      for (int i = 0; i < count; i++) {
        work.run(i, 0);
      }
      return;
    }
    if (count > MASK) {
      throw new IllegalArgumentException("at most " + MASK + " pieces, got " + count);
    }
    long generation = (tickets.get(0) >>> (2 * BITS)) + 1;
    piece = work;
    done.set(0);
    for (int lane = 0; lane < lanes(); lane++) {
      long end = Tiles.share(lane + 1, lanes(), count);
      long next = Tiles.share(lane, lanes(), count);
      tickets.set(lane * APART, (generation << (2 * BITS)) | (end << BITS) | next);
    }
    for (int i = 0; i < Math.min(helpers.length, count - 1); i++) {
      LockSupport.unpark(helpers[i]);
    }
    take(0);
    for (int looks = 0; done.get() < count; looks++) {
      if (looks < LOOKS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(this, PAUSE); // a thread with a piece may be waiting for this core
      }
    }
    rethrow();
  }

  private void rethrow() {
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      if (thrown instanceof RuntimeException e) {
        throw e;
      }
      throw (Error) thrown;
    }
  }

  private void help(int lane) {
    int looks = 0;
    while (!closed) {
      if (hasPieces()) {
        take(lane);
        looks = 0;
      } else if (++looks < LOOKS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
        looks = 0;
      }
    }
  }

  private boolean hasPieces() {
    for (int lane = 0; lane < lanes(); lane++) {
      if (hasPieces(tickets.get(lane * APART))) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasPieces(long ticket) {
    return (ticket & MASK) < ((ticket >>> BITS) & MASK);
  }

  /** Takes the pieces of the thread's own share, then what others have left. */
  private void take(int lane) {
    for (int i = 0; i < lanes(); i++) {
      takeShare((lane + i) % lanes(), lane);
    }
  }

  /**
   * Takes pieces until there are none. A piece is taken by moving the ticket on, which fails if its
   * generation is over, so that nobody runs an old piece with new work.
   */
  private void takeShare(int share, int lane) {
    while (true) {
      long now = tickets.get(share * APART);
      Piece work = piece;
      if (!hasPieces(now) || work == null) {
        return;
      }
      if (tickets.compareAndSet(share * APART, now, now + 1)) {
        try {
          work.run((int) (now & MASK), lane);
        } catch (RuntimeException | Error e) {
          failure = e;
        }
        done.incrementAndGet();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
  }
}
