package weft.engine.packet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import weft.sim.Interruption;
import weft.units.Time;

/** Simulates some of the cells, one after the other within a window. */
final class Worker {
  private static final long CHECK_EVERY = 1 << 16; // events
  private static final int BLOCK_BITS = 6;
  private static final int NONE = -1;
  private static final int INDEX_BITS = 26; // of a reference: the stream above, the index below

  final Clock clock = new Clock();
  final Outbox outbox;
  final Sender sender;
  final Receiver receiver;
  final Nic nic;
  final Network network;
  final Hosts hosts;
  private final Ports ports;
  private final InBandTelemetry telemetry;
  private final WakeUps wakeUps;
  private final Listeners listeners;
  private final EventHeap[] heaps; // of its cells
  private final long[] next; // by cell: the time of its first event
  private final long[] nextOfBlock; // the least of each 64 cells
  private final int number; // among the threads
  private final long length; // of a window, ps
  private final int[] cellOf; // by port: among those of its worker
  private final int[] lastOf; // by cell: the last linked of what comes from others
  private final Stream nothing = new Stream();
  private final Stream[] read; // in this window, by sending thread, and what an earlier run left
  private Stream left = new Stream(); // of a window that a run ended in
  private Stream leaving = new Stream();
  private final Batch batch = new Batch();
  private int cell = NONE; // at work
  private long nextCheck;

  // Sums of this thread.
  long handled;
  private long pending; // events that somebody waits for
  private long taken; // of what other cells sent
  long last; // the latest event that somebody waited for, ps
  boolean told; // whether a listener was called in this window

  Worker(
      Shared all,
      Cells cells,
      int number,
      int threads,
      int[] cellOf,
      EventHeap[] heaps,
      Listeners listeners) {
    this.number = number;
    this.length = cells.lookahead;
    this.cellOf = cellOf;
    this.ports = all.ports();
    this.wakeUps = all.wakeUps();
    this.listeners = listeners;
    this.heaps = heaps;
    telemetry = new InBandTelemetry(all.controllers().telemetry());
    outbox = new Outbox(clock, ports, cells, threads, telemetry);
    sender = Sender.of(clock, all);
    receiver = Receiver.of(clock, all);
    nic = new Nic(clock, all.pairs(), sender, all.turns());
    network = new Network(clock, all, outbox, nic, sender, telemetry);
    hosts = new Hosts(clock, all, sender, receiver, nic, network, telemetry);
    lastOf = new int[heaps.length];
    Arrays.fill(lastOf, NONE);
    read = new Stream[threads + 1];
    Arrays.fill(read, nothing);
    next = new long[heaps.length];
    Arrays.fill(next, Long.MAX_VALUE);
    nextOfBlock = new long[(heaps.length >> BLOCK_BITS) + 1];
    Arrays.fill(nextOfBlock, Long.MAX_VALUE);
  }

  /** Whether one of its cells is at work. */
  boolean isAtWork() {
    return cell != NONE;
  }

  /** Whether a cell, counted among this worker's, is at work. */
  boolean isAtWork(int which) {
    return cell == which;
  }

  /** Events that somebody waits for, and what is under way from its cells to others. */
  long pending() {
    return pending + outbox.sent - taken;
  }

  /**
   * The time of the first event of its cells, or the beginning of the window in which the first
   * arrives that they have sent; the end of time if there is neither.
   */
  long earliest() {
    long least = outbox.earliest();
    for (long time : nextOfBlock) {
      least = Math.min(least, time);
    }
    return least;
  }

  private void noteNext(int of, long time) {
    if (time < next[of]) {
      next[of] = time;
      nextOfBlock[of >> BLOCK_BITS] = Math.min(nextOfBlock[of >> BLOCK_BITS], time);
    }
  }

  /** Adds an event to a cell, whether it is at work or not. */
  void add(int to, long time, int kind, int id) {
    heaps[to].add(time, Clock.event(kind, id));
    if (to != cell) {
      pending++;
      noteNext(to, time);
    }
  }

  /** Has a queue pair of a cell look what it was given to send. */
  void post(int to, int queuePair) {
    EventHeap before = clock.heap;
    EventHeap heap = heaps[to];
    int size = heap.size();
    clock.heap = heap;
    nic.post(queuePair);
    clock.heap = before;
    if (to != cell) {
      pending += heap.size() - size;
      noteNext(to, heap.firstTime());
    }
  }

  /** Runs its cells in a window up to {@code end}, which is not part of it. */
  void run(Worker[] crew, long window, long end) {
    told = false;
    if (handled >= nextCheck) {
      nextCheck = handled + CHECK_EVERY;
      Interruption.check(
          "simulating packets, at %s after %,d events".formatted(new Time(clock.now), handled));
    }
    outbox.open(window);
    for (int w = 0; w < crew.length; w++) {
      Stream stream = crew[w].outbox.to(number, window);
      link(w, stream == null ? nothing : stream);
    }
    link(crew.length, left);
    for (int block = 0; block < nextOfBlock.length; block++) {
      if (nextOfBlock[block] < end) {
        runBlock(block, window * length, end);
      }
    }
    cell = NONE;
    leave(end < (window + 1) * length);
  }

  /** Has each cell find what a stream brings it: the last, which leads to those before it. */
  private void link(int number, Stream stream) {
    read[number] = stream;
    for (int i = 0; i < stream.size; i++) {
      int to = cellOf[stream.target[i] >> 1];
      stream.link[i] = lastOf[to];
      lastOf[to] = number << INDEX_BITS | i;
      noteNext(to, stream.time(i));
    }
  }

  /** Empties the streams, and keeps what a window that is not over has not come to. */
  private void leave(boolean early) {
    if (early) {
      for (int c = 0; c < lastOf.length; c++) {
        for (int r = lastOf[c]; r != NONE; r = streamOf(r).link[indexOf(r)]) {
          leaving.add(streamOf(r), indexOf(r));
        }
        lastOf[c] = NONE;
      }
    }
    for (Stream stream : read) {
      stream.size = 0;
    }
    Stream empty = left;
    left = leaving;
    leaving = empty;
  }

  /** What is under way from its cells, and to them where a run ended within a window. */
  List<Stream> underWay() {
    var all = new ArrayList<>(outbox.underWay());
    all.add(left);
    return all;
  }

  private Stream streamOf(int reference) {
    return read[reference >>> INDEX_BITS];
  }

  private static int indexOf(int reference) {
    return reference & ((1 << INDEX_BITS) - 1);
  }

  private void runBlock(int block, long start, long end) {
    int first = block << BLOCK_BITS;
    int to = Math.min(heaps.length, first + (1 << BLOCK_BITS));
    for (int c = first; c < to; c++) {
      if (next[c] < end) {
        cell = c;
        runCell(c, start, end);
      }
    }
    long least = Long.MAX_VALUE; // a cell may have posted something at another
    for (int c = first; c < to; c++) {
      least = Math.min(least, next[c]);
    }
    nextOfBlock[block] = least;
  }

  /** Runs a cell: what reaches it from others and its own events, in order. */
  private void runCell(int c, long start, long end) {
    EventHeap heap = heaps[c];
    int before = heap.size() - heap.idle;
    clock.heap = heap;
    long later = gather(c, start, end);
    int i = 0;
    long time;
    while ((time = Math.min(heap.firstTime(), batch.time(i))) < end) {
      clock.now = time;
      handled++;
      if (batch.time(i) == time && comesFirst(heap, time, batch.target(i))) {
        last = Math.max(last, time);
        taken++;
        arrive(batch.target(i), batch.reference(i));
        i++;
      } else {
        handle(heap, heap.firstId());
      }
    }
    pending += heap.size() - heap.idle - before;
    next[c] = Math.min(heap.firstTime(), later);
  }

  /**
   * Collects what comes to a cell before {@code end}; says when the first comes that does later.
   */
  private long gather(int c, long start, long end) {
    batch.begin(start);
    long later = Long.MAX_VALUE;
    int kept = NONE;
    for (int r = lastOf[c]; r != NONE; ) {
      Stream stream = streamOf(r);
      int i = indexOf(r);
      int before = stream.link[i];
      long time = stream.time(i);
      if (time < end) {
        batch.add(time, stream.target[i], r);
      } else {
        later = Math.min(later, time);
        stream.link[i] = kept;
        kept = r;
      }
      r = before;
    }
    lastOf[c] = kept;
    batch.sort();
    return later;
  }

  /** Whether what comes to a target goes before the first of a cell's own events. */
  private static boolean comesFirst(EventHeap heap, long time, int target) {
    int kind = (target & 1) == 0 ? Clock.ARRIVE : Clock.FRAME;
    return heap.firstTime() > time || heap.firstId() > Clock.event(kind, target >> 1);
  }

  private void arrive(int target, int reference) {
    Stream stream = streamOf(reference);
    long[] words = stream.words;
    telemetry.take(stream, indexOf(reference));
    int i = indexOf(reference) << Ring.BITS;
    Port port = ports.port[target >> 1];
    if ((target & 1) == 0) {
      arrive(port, words[i + 1], words[i + 2], words[i + 3]);
    } else {
      network.onFrame(port, words[i + 1]);
    }
  }

  private void handle(EventHeap heap, int event) {
    int id = Clock.id(event);
    switch (Clock.kind(event)) {
      case Clock.ARRIVE -> arriveInside(heap, event, ports.port[id]);
      case Clock.FREE -> {
        heap.removeFirst();
        network.onFree(ports.port[id]);
      }
      case Clock.READY -> {
        heap.removeFirst();
        hosts.onReady(id);
      }
      case Clock.FRAME -> frame(heap, event, ports.port[id]);
      case Clock.TIMEOUT -> {
        heap.removeFirst();
        if (!hosts.onTimeout(id)) {
          return;
        }
      }
      case Clock.GRANT -> {
        heap.removeFirst();
        hosts.onGrant(id);
      }
      case Clock.WATCHDOG -> {
        heap.removeFirst();
        if (!network.onWatchdog(id)) {
          return;
        }
      }
      case Clock.KERNEL -> {
        heap.removeFirst();
        hosts.onKernel(id);
        if (receiver.completions() > 0) {
          tellDeliveries();
        }
      }
      case Clock.MEMORY -> {
        heap.removeFirst();
        hosts.onMoved(ports.port[id]);
        if (receiver.completions() > 0) {
          tellDeliveries();
        }
      }
      default -> {
        heap.removeFirst();
        told = true;
        listeners.wakeUp.wokeUp(wakeUps.take(id), clock.now);
      }
    }
    last = Math.max(last, clock.now);
  }

  /** A packet from a node of the same cell. */
  private void arriveInside(EventHeap heap, int event, Port port) {
    int i = port.inward.take();
    telemetry.take(port.inward, i);
    long[] slots = port.inward.slots;
    following(port.inward, heap, event);
    arrive(port, slots[i + 1], slots[i + 2], slots[i + 3]);
  }

  private void arrive(Port port, long owner, long head, long stamp) {
    if (port.ofHost) {
      if (port.inbox != null && hosts.holdBack(port.inbox, port, owner, head, stamp)) {
        return;
      }
      hosts.receive(owner, head, stamp);
      if (receiver.completions() > 0) {
        tellDeliveries();
      }
    } else {
      network.forward(port, owner, head, stamp);
    }
  }

  private void frame(EventHeap heap, int event, Port port) {
    int i = port.inwardFrames.take();
    long[] slots = port.inwardFrames.slots;
    following(port.inwardFrames, heap, event);
    network.onFrame(port, slots[i + 1]);
  }

  /** Puts the event of the next arrival, if there is one, in the place of this one's. */
  private static void following(Ring way, EventHeap heap, int event) {
    if (way.isEmpty()) {
      heap.removeFirst();
    } else {
      heap.replaceFirst(way.firstWord(), event);
    }
  }

  private void tellDeliveries() {
    told = true;
    for (int i = 0; i < receiver.completions(); i++) {
      listeners.delivery.delivered(receiver.completed(i), clock.now);
    }
    receiver.forgetCompletions();
  }
}
