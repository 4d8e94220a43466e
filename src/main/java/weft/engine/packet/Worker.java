package weft.engine.packet;

import java.util.Arrays;
import weft.sim.Interruption;
import weft.units.Time;

/** Simulates some of the cells, one after the other within a window. */
final class Worker {
  private static final long CHECK_MASK = (1 << 16) - 1;
  private static final int BLOCK_BITS = 6;
  private static final int NONE = -1;

  final Clock clock = new Clock();
  final Outbox outbox;
  final Sender sender;
  final Receiver receiver;
  final Nic nic;
  final Network network;
  final Hosts hosts;
  private final Queues queues;
  private final int[] peer;
  private final WakeUps wakeUps;
  private final Listeners listeners;
  private final EventHeap[] heaps; // of its cells
  private final long[] next; // by cell: the time of its first event
  private final long[] nextOfBlock; // the least of each 64 cells
  private int cell = NONE; // at work

  // Sums of this thread.
  long handled;
  int pending; // events that somebody waits for
  long last; // the latest event that somebody waited for, ps
  boolean told; // whether a listener was called in this window

  Worker(Shared all, Outbox.Wiring wiring, EventHeap[] heaps, Listeners listeners) {
    this.queues = all.queues();
    this.peer = all.ports().peer;
    this.wakeUps = all.wakeUps();
    this.listeners = listeners;
    this.heaps = heaps;
    outbox = new Outbox(clock, all.queues(), wiring);
    sender = new Sender(clock, all);
    receiver = new Receiver(clock, all);
    nic = new Nic(clock, all.pairs(), sender, all.turns());
    network = new Network(clock, all, outbox, nic, sender);
    hosts = new Hosts(clock, all, sender, receiver, nic, network);
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

  /** The time of the first event of its cells; the end of time if there is none. */
  long earliest() {
    long least = Long.MAX_VALUE;
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

  /** Takes over what a thread has sent to this one's cells in the window before. */
  void takeNews(Outbox from, int number, int[] cellOf) {
    int n = from.count(number);
    for (int i = 0; i < n; i++) {
      int item = from.item(number, i);
      int port = peer[item >> 1];
      Cables cables = (item & 1) == 0 ? queues.packets : queues.frames;
      cables.takeOver(port);
      if (!cables.pending[port] && cables.hasNext(port)) {
        cables.pending[port] = true;
        add(
            cellOf[port],
            cables.firstArrival(port),
            (item & 1) == 0 ? Clock.ARRIVE : Clock.FRAME,
            port);
      }
    }
    from.clear(number);
  }

  /** Runs its cells up to the end of a window, which is not part of it. */
  void run(long end) {
    told = false;
    outbox.nextWindow();
    for (int block = 0; block < nextOfBlock.length; block++) {
      if (nextOfBlock[block] >= end) {
        continue;
      }
      runBlock(block, end);
    }
    cell = NONE;
  }

  private void runBlock(int block, long end) {
    int first = block << BLOCK_BITS;
    int to = Math.min(heaps.length, first + (1 << BLOCK_BITS));
    for (int c = first; c < to; c++) {
      if (next[c] < end) {
        cell = c;
        EventHeap heap = heaps[c];
        int before = heap.size() - heap.idle;
        runCell(heap, end);
        pending += heap.size() - heap.idle - before;
        next[c] = heap.firstTime();
      }
    }
    long least = Long.MAX_VALUE; // a cell may have posted something at another
    for (int c = first; c < to; c++) {
      least = Math.min(least, next[c]);
    }
    nextOfBlock[block] = least;
  }

  private void runCell(EventHeap heap, long end) {
    clock.heap = heap;
    long time;
    while ((time = heap.firstTime()) < end) {
      clock.now = time;
      if ((++handled & CHECK_MASK) == 0) {
        Interruption.check(
            "simulating packets, at %s after %,d events".formatted(new Time(time), handled));
      }
      handle(heap, heap.firstId());
    }
  }

  private void handle(EventHeap heap, int event) {
    int id = Clock.id(event);
    switch (Clock.kind(event)) {
      case Clock.ARRIVE -> arrive(heap, event, id);
      case Clock.FREE -> {
        heap.removeFirst();
        network.onFree(id);
      }
      case Clock.READY -> {
        heap.removeFirst();
        hosts.onReady(id);
      }
      case Clock.FRAME -> frame(heap, event, id);
      case Clock.TIMEOUT -> {
        heap.removeFirst();
        if (!hosts.onTimeout(id)) {
          return;
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

  private void arrive(EventHeap heap, int event, int port) {
    Cables cables = queues.packets;
    long[] ring = cables.ring[port];
    int i = cables.head[port]++ << Rings.BITS & ring.length - 1;
    following(cables, heap, event, port);
    if (network.endsAt(port)) {
      hosts.receive(ring[i + 1], ring[i + 2], ring[i + 3]);
      if (receiver.completions() > 0) {
        tellDeliveries();
      }
    } else {
      network.forward(port, ring[i + 1], ring[i + 2], ring[i + 3]);
    }
  }

  private void frame(EventHeap heap, int event, int port) {
    Cables cables = queues.frames;
    long[] ring = cables.ring[port];
    int i = cables.head[port]++ << Rings.BITS & ring.length - 1;
    following(cables, heap, event, port);
    network.onFrame(port, ring[i + 1] != 0);
  }

  /** Puts the event of the next arrival, if there is one, in the place of this one's. */
  private static void following(Cables cables, EventHeap heap, int event, int port) {
    if (cables.hasNext(port)) {
      heap.replaceFirst(cables.firstArrival(port), event);
    } else {
      cables.pending[port] = false;
      heap.removeFirst();
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
