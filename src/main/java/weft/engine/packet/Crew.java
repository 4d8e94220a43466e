package weft.engine.packet;

import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;

/** The workers among whom the cells are dealt, and the windows that they go through together. */
final class Crew {
  static final long NO_WINDOW = -1;

  final Cells cells;
  final Worker[] workers;
  private final Worker[] workerOf; // by cell
  private final int[] place; // by cell: among those of its worker
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
    for (Port port : ports.port) {
      int cell = cells.of[port.node];
      Port peer = ports.port[ports.peer[port.index]];
      port.inside = cell == cells.of[peer.node];
      peer.peerThread = thread[cell];
      peer.peerCell = place[cell];
    }
    workers = new Worker[threads];
    Arrays.setAll(workers, t -> new Worker(all, cells, t, threads, heaps(dealt[t]), listeners));
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

  /** All that is under way from one cell to another. */
  List<Stream> underWay() {
    return Arrays.stream(workers).flatMap(worker -> worker.underWay().stream()).toList();
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
      long first = next(limit);
      if (first == NO_WINDOW) {
        break;
      }
      boolean told = false;
      for (Worker worker : workers) {
        current = worker;
        worker.run(workers, first, end(first, limit));
        told |= worker.told;
      }
      stop = told && done.getAsBoolean();
    }
    settle();
  }

  private long next(long limit) {
    long first = Long.MAX_VALUE;
    long pending = 0;
    for (Worker worker : workers) {
      first = Math.min(first, worker.earliest());
      pending += worker.pending();
    }
    return next(first, pending, limit);
  }

  /**
   * The number of the window of the first event, {@link #NO_WINDOW} if nothing is pending until the
   * limit. Windows are counted from time 0, so that what arrives belongs to one for good.
   */
  long next(long first, long pending, long limit) {
    return pending == 0 || first > limit ? NO_WINDOW : first / cells.lookahead;
  }

  /** Where a window ends, or the run in it. */
  long end(long window, long limit) {
    long end = (window + 1) * cells.lookahead;
    return limit < end ? limit + 1 : end;
  }

  /** Sets all clocks alike. */
  private void settle() {
    long now = time;
    for (int w = 0; w < workers.length; w++) {
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
