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
  private final Stream nothing = new Stream();
  private final Stream[] read; // in this window, by sending thread
  private final Arrivals arrivals;
  private int cell = NONE; // at work
  private long opened = Crew.NO_WINDOW; // the window whose arrivals are read
  private long nextCheck;

  // Sums of this thread.
  long handled;
  private long pending; // events that somebody waits for
  private long taken; // of what other cells sent
  long last; // the latest event that somebody waited for, ps
  boolean told; // whether a listener was called in this window

  Worker(Shared all, Cells cells, int number, int threads, EventHeap[] heaps, Listeners listeners) {
    this.number = number;
    this.length = cells.lookahead;
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
    read = new Stream[threads];
    arrivals = new Arrivals(heaps.length, length);
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
    if (window != opened) { // or else a run ended in it, and all is read
      opened = window;
      open(crew, window);
    }
    for (int block = 0; block < nextOfBlock.length; block++) {
      runBlock(block, window * length, end);
    }
    cell = NONE;
  }

  private void open(Worker[] crew, long window) {
    outbox.open(window);
    for (int w = 0; w < crew.length; w++) {
      Stream stream = crew[w].outbox.to(number, window);
      read[w] = stream == null ? nothing : stream;
    }
    arrivals.read(read);
  }

  /** What is under way from its cells, and to them where a run ended within a window. */
  List<Stream> underWay() {
    var all = new ArrayList<>(outbox.underWay());
    all.add(arrivals.left());
    return all;
  }

  private void runBlock(int block, long start, long end) {
    int first = block << BLOCK_BITS;
    int to = Math.min(heaps.length, first + (1 << BLOCK_BITS));
    if (nextOfBlock[block] >= end && !arrivals.anyFor(first, to)) {
      return;
    }
    for (int c = first; c < to; c++) {
      if (next[c] < end || arrivals.has(c)) {
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
    int i = arrivals.sorted(c);
    int all = arrivals.end(c);
    long arrival = arrivalTime(i, all, start);
    while (true) {
      long own = heap.firstTime();
      if (Math.min(own, arrival) >= end) {
        break;
      }
      handled++;
      if (arrival < own || (arrival == own && comesFirst(heap, arrivals.key(i)))) {
        clock.now = arrival;
        last = Math.max(last, arrival);
        taken++;
        arrive(c, arrivals.key(i));
        i++;
        arrival = arrivalTime(i, all, start);
      } else {
        clock.now = own;
        handle(heap, heap.firstId());
      }
    }
    arrivals.take(c, i);
    pending += heap.size() - heap.idle - before;
    next[c] = Math.min(heap.firstTime(), arrival);
  }

  /** When what is in a place arrives; the end of time behind the last. */
  private long arrivalTime(int place, int end, long start) {
    return place < end ? start + Stream.timeInWindow(arrivals.key(place)) : Long.MAX_VALUE;
  }

  /** Whether what has a key goes before the first of a cell's own events at the same time. */
  private static boolean comesFirst(EventHeap heap, long key) {
    int target = Stream.target(key);
    int kind = (target & 1) == 0 ? Clock.ARRIVE : Clock.FRAME;
    return heap.firstId() > Clock.event(kind, target >> 1);
  }

  private void arrive(int c, long key) {
    int target = Stream.target(key);
    Port port = ports.port[target >> 1];
    int at = arrivals.words(c, key);
    telemetry.take(arrivals, at);
    if ((target & 1) == 0) {
      arrive(port, arrivals.owner(at), arrivals.header(at), arrivals.stamp(at));
    } else {
      network.onFrame(port, arrivals.owner(at));
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
