package weft.engine.packet;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;

/** The workers among whom the cells are dealt, and the windows that they go through together. */
final class Crew {
  static final long NO_WINDOW = -1;

  final Cells cells;
  final Worker[] workers;
  private final Worker[] workerOf; // by cell
  private final int[] place; // by cell: among those of its worker
  private final int[] cellOf; // by port: among those of its worker
  private long time; // outside runs, ps
  private Worker current; // who is at work, where one thread does everything

  Crew(Shared all, Cells cells, int threads, Listeners listeners) {
    this.cells = cells;
    Ports ports = all.ports();
    int[] thread = deal(cells.sizes(ports), threads);
    place = new int[cells.count];
    int[] dealt = new int[threads];
    for (int c = 0; c < cells.count; c++) {
      place[c] = dealt[thread[c]]++;
    }
    int[] threadOf = new int[ports.count];
    boolean[] inside = new boolean[ports.count];
    cellOf = new int[ports.count];
    for (int p = 0; p < ports.count; p++) {
      int cell = cells.of[ports.node[p]];
      cellOf[p] = place[cell];
      threadOf[ports.peer[p]] = thread[cell];
      inside[p] = cell == cells.of[ports.node[ports.peer[p]]];
    }
    var wiring = new Outbox.Wiring(inside, ports.peer, threadOf, new int[2 * ports.count], threads);
    workers = new Worker[threads];
    Arrays.setAll(workers, t -> new Worker(all, wiring, heaps(dealt[t]), listeners));
    workerOf = new Worker[cells.count];
    Arrays.setAll(workerOf, c -> workers[thread[c]]);
    current = workers[0];
  }

  /**
   * Gives each thread an equal run of the cells of each size: neighbours in memory stay together.
   */
  private static int[] deal(int[] sizes, int threads) {
    int[] thread = new int[sizes.length];
    int[] alike = new int[Arrays.stream(sizes).max().orElse(0) + 1];
    for (int size : sizes) {
      alike[size]++;
    }
    int[] seen = new int[alike.length];
    for (int c = 0; c < sizes.length; c++) {
      int size = sizes[c];
      thread[c] = (int) ((long) seen[size]++ * threads / alike[size]);
    }
    return thread;
  }

  private static EventHeap[] heaps(int count) {
    var heaps = new EventHeap[count];
    Arrays.setAll(heaps, h -> new EventHeap());
    return heaps;
  }

  /** Who simulates a node. */
  Worker workerAt(int node) {
    return workerOf[cells.of[node]];
  }

  long now() {
    return current.clock.now;
  }

  /** Whether a node may be given something to do at once: no other cell is at work. */
  boolean isWithinReach(int node) {
    return !current.isAtWork()
        || (workerAt(node) == current && current.isAtWork(place[cells.of[node]]));
  }

  /** Has a queue pair at a node look what it was given to send. */
  void post(int node, int queuePair) {
    workerAt(node).post(place[cells.of[node]], queuePair);
  }

  /** Adds an event at a node. */
  void add(int node, long time, int kind, int id) {
    workerAt(node).add(place[cells.of[node]], time, kind, id);
  }

  long sum(ToLongFunction<Worker> what) {
    return Arrays.stream(workers).mapToLong(what).sum();
  }

  /**
   * Runs, on this thread, until nothing is pending or the next event lies behind {@code limit} or,
   * after a window in which somebody was told something, {@code done} says so.
   */
  void run(long limit, BooleanSupplier done) {
    boolean stop = done.getAsBoolean();
    while (!stop) {
      for (int w = 0; w < workers.length; w++) {
        takeNews(w);
      }
      long end = nextEnd(limit);
      if (end == NO_WINDOW) {
        break;
      }
      boolean told = false;
      for (Worker worker : workers) {
        current = worker;
        worker.run(end);
        told |= worker.told;
      }
      stop = told && done.getAsBoolean();
    }
    settle();
  }

  /** Has a worker take over what all have sent to its cells. */
  void takeNews(int to) {
    for (Worker from : workers) {
      workers[to].takeNews(from.outbox, to, cellOf);
    }
  }

  private long nextEnd(long limit) {
    long first = Long.MAX_VALUE;
    long pending = 0;
    for (Worker worker : workers) {
      first = Math.min(first, worker.earliest());
      pending += worker.pending;
    }
    return nextEnd(first, pending, limit);
  }

  /** The end of the next window, {@link #NO_WINDOW} if nothing is pending until the limit. */
  long nextEnd(long first, long pending, long limit) {
    if (pending == 0 || first > limit) {
      return NO_WINDOW;
    }
    return limit - first < cells.lookahead ? limit + 1 : first + cells.lookahead;
  }

  /** Takes over what is under way and sets all clocks alike. */
  private void settle() {
    long now = time;
    for (int w = 0; w < workers.length; w++) {
      takeNews(w);
      now = Math.max(now, workers[w].last);
    }
    setTime(now);
  }

  void setTime(long now) {
    time = now;
    for (Worker worker : workers) {
      worker.clock.now = now;
    }
  }

  /** {@link #run}, each worker on a thread of its own; the same bits. */
  void runTogether(long limit, BooleanSupplier done) {
    new Together(this, limit, done).run();
    settle();
  }
}
