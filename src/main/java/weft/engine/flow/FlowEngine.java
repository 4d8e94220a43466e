package weft.engine.flow;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import weft.sim.Interruption;
import weft.transport.Scheduling;
import weft.units.Check;
import weft.units.Time;

/**
 * Messages as flows that share links fairly: each at its max-min fair rate, from one start or end
 * to the next. No packets, no queues; what a message waits for is its share and its path's latency.
 *
 * <p>A flow is a path, or several, that messages take one after the other. Rates are exact at every
 * moment (see {@link Shares}); times are whole picoseconds. The same calls give the same bits. One
 * engine is called by one thread.
 */
public final class FlowEngine {
  /** A time that has not come. */
  public static final long NOT_YET = -1;

  private static final double BYTES_PER_PS = 8e12; // in bit/s
  private static final int CHECK_EVERY = 1 << 12; // moments
  private static final int DELIVERY = 0;
  private static final int START = 1;
  private static final int WAKE = 2;

  private final Allocation shares;
  private final Sending sending;
  private final Agenda agenda = new Agenda();
  private final Messages messages = new Messages();
  private final Bundles bundles;
  private final int classes;
  private final int links;
  private @Nullable DeliveryListener delivery;
  private @Nullable WakeUpListener wakeUp;
  private Changes changes = Changes.NONE;

  // By flow.
  private long[] latency = new long[64];
  private int[] packet = new int[64]; // bytes that later hops wait for before they send
  private double[] hopPs = new double[64]; // for a byte of these, ps
  private long[] sent = new long[64]; // bytes of messages that have ended
  private boolean[] ended = new boolean[64]; // its first message, at this moment
  private int flows;

  private int[] touched = new int[64]; // flows that may start or stop at this moment
  private int touchedCount;
  private long now;
  private long moments;
  private long deliveries;

  /** Hears of messages as they become complete at their receiver. */
  @FunctionalInterface
  public interface DeliveryListener {
    /**
     * The receiver has the message's last byte.
     *
     * @param message the number that {@link #send} gave
     * @param timePs picoseconds
     */
    void delivered(int message, long timePs);
  }

  /** Hears of wake-ups that it asked for. */
  @FunctionalInterface
  public interface WakeUpListener {
    /**
     * The time has come.
     *
     * @param token what {@link #at} was given
     * @param timePs picoseconds
     */
    void wokeUp(int token, long timePs);
  }

  /** What happens to links and flows while the engine runs. */
  public interface Changes {
    /** Nothing happens. */
    Changes NONE =
        new Changes() {
          @Override
          public long nextPs() {
            return Long.MAX_VALUE;
          }

          @Override
          public void happen(long timePs) {}
        };

    /** When the next is due, ps, at least {@link #now()}; the end of time if there is none. */
    long nextPs();

    /** It is due, before anything starts at this time. It may call anything but {@code run}. */
    void happen(long timePs);
  }

  /**
   * Links with nothing on them, at time 0.
   *
   * @param capacities what each carries, bit/s, at least 0
   */
  public FlowEngine(double[] capacities) {
    this(capacities, 0, Scheduling.ONE_CLASS);
  }

  /**
   * Links that flows of several traffic classes share so.
   *
   * @param answers bytes of acknowledgements for one of data, at least 0: links that they cross
   *     keep room for them, but they hold no flow back
   */
  public FlowEngine(double[] capacities, double answers, Scheduling scheduling) {
    classes = scheduling.classes().size();
    bundles = new Bundles(capacities);
    var room = new Answers(answers, bundles);
    shares =
        classes == 1
            ? new Shares(Memory.ofSets(), room, bundles)
            : new ClassShares(scheduling, room, bundles);
    sending = new Sending(shares);
    for (double capacity : capacities) {
      shares.addLink(checkedCapacity(capacity));
    }
    links = capacities.length;
  }

  private static double checkedCapacity(double bitsPerSecond) {
    if (!(bitsPerSecond >= 0) || Double.isInfinite(bitsPerSecond)) {
      throw new IllegalArgumentException(
          "a link's capacity is a number from 0 in bit/s, but was " + bitsPerSecond);
    }
    return bitsPerSecond / BYTES_PER_PS;
  }

  /**
   * Links, each once, that flows take in equal parts: as long as all do, as cheap as one link.
   *
   * @return the number by which a route names them all, with the part that each takes: -1 for the
   *     first bundle, -2 for the next
   */
  public int bundle(int[] set) {
    return bundles.add(set);
  }

  /** How many bundles there are. */
  public int bundles() {
    return bundles.size();
  }

  /** A flow of weight 1 over these links, all its bytes over each, without acknowledgements. */
  public int open(int[] path, long latencyPs) {
    return open(0, Route.over(path, latencyPs), 1, Double.POSITIVE_INFINITY);
  }

  /**
   * A flow.
   *
   * @param inClass its traffic class, a number from 0 in the order of the scheduling
   * @param weight its share is that of so many flows of weight 1, above 0
   * @param mostBitsPerSecond it sends no faster than this, above 0
   * @return its number, from 0 in the order of opening
   */
  public int open(int inClass, Route route, double weight, double mostBitsPerSecond) {
    Check.index("traffic class", inClass, classes);
    bundles.take(route);
    checkAbove("a weight", weight);
    checkAbove("the most a flow may send, bit/s,", mostBitsPerSecond);
    int f = flows++;
    if (f == latency.length) {
      growFlows(2 * f);
    }
    messages.open(f);
    latency[f] = route.latencyPs();
    sending.open(inClass, route, weight, mostBitsPerSecond / BYTES_PER_PS);
    return f;
  }

  /**
   * Has switches store a flow's packets before they forward them, so that a message's last packet
   * takes longer than its bits' way.
   *
   * @param bytes of a full packet
   * @param psPerByte what a byte takes to be sent at all hops after the first, ps
   */
  public void storeAndForward(int which, int bytes, double psPerByte) {
    packet[Check.index("flow", which, flows)] = bytes;
    hopPs[which] = psPerByte;
  }

  static void checkAbove(String name, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(
          "%s of a flow is above 0, but was %s".formatted(name, value));
    }
  }

  private void growFlows(int size) {
    latency = Arrays.copyOf(latency, size);
    packet = Arrays.copyOf(packet, size);
    hopPs = Arrays.copyOf(hopPs, size);
    sent = Arrays.copyOf(sent, size);
    ended = Arrays.copyOf(ended, size);
  }

  /**
   * Sends a message after those given to its flow before.
   *
   * @param size bytes, above 0
   * @param notBeforePs when it may start at the earliest, at least {@link #now()}
   * @return the message's number, from 0 in the order of sending
   */
  public int send(int by, long size, long notBeforePs) {
    Check.index("flow", by, flows);
    if (size <= 0) {
      throw new IllegalArgumentException("a message has at least 1 byte, but bytes was " + size);
    }
    checkTime(notBeforePs);
    boolean isFirst = messages.first[by] == Messages.NONE;
    int m = messages.add(by, size, notBeforePs);
    if (isFirst) {
      askFor(by);
    }
    return m;
  }

  private void checkTime(long timePs) {
    if (timePs < now) {
      throw new IllegalArgumentException(
          "nothing can be asked for in the past: it is %d ps, but %d ps was given"
              .formatted(now, timePs));
    }
  }

  /** Has a flow look at its first message, now or when that may start. */
  private void askFor(int f) {
    agenda.add(messages.notBefore[messages.first[f]], entry(START, f));
  }

  private static long entry(int kind, int id) {
    return (long) id << 2 | kind;
  }

  /** Has this listener, and no other, hear of deliveries. It may call anything but {@code run}. */
  public void onDelivery(DeliveryListener listener) {
    delivery = listener;
  }

  /** Has this listener, and no other, hear of wake-ups. It may call anything but {@code run}. */
  public void onWakeUp(WakeUpListener listener) {
    wakeUp = listener;
  }

  /** Asks for a wake-up at a time, at least {@link #now()}. */
  public void at(long timePs, int token) {
    checkTime(timePs);
    agenda.add(timePs, entry(WAKE, token));
  }

  /** Runs until nothing is to be done. */
  public void run() {
    run(() -> false);
  }

  /**
   * Runs until told to stop or nothing is to be done. It may be called again and goes on.
   *
   * @param done asked before each moment at which something happens
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public void run(BooleanSupplier done) {
    long moment;
    while ((moment = nextMoment()) < Long.MAX_VALUE && !done.getAsBoolean()) {
      if (moments++ % CHECK_EVERY == 0) {
        Interruption.check("sharing links, at %s".formatted(new Time(moment)));
      }
      now = moment;
      endMessages();
      if (changes.nextPs() == now) {
        changes.happen(now);
      }
      while (agenda.firstTime() == now) {
        handle(agenda.take());
      }
      startAndStop();
    }
  }

  /** A change matters as long as somebody waits. */
  private long nextMoment() {
    long moment = Math.min(sending.finishes.first(), agenda.firstTime());
    boolean matters = moment < Long.MAX_VALUE || deliveries < messages.count;
    return matters ? Math.min(moment, changes.nextPs()) : moment;
  }

  private void endMessages() {
    int count = sending.finishes.collect(now);
    for (int i = 0; i < count; i++) {
      int f = sending.finishes.due(i);
      int message = messages.first[f];
      long stored = (long) (Math.min(messages.bytes[message], packet[f]) * hopPs[f]);
      agenda.add(now + latency[f] + stored, entry(DELIVERY, message));
      sent[f] += messages.bytes[message];
      messages.first[f] = messages.next[message];
      ended[f] = true;
      touch(f);
      if (messages.first[f] != Messages.NONE && !messages.isDue(f, now)) {
        askFor(f);
      }
    }
  }

  private void touch(int f) {
    if (touchedCount == touched.length) {
      touched = Arrays.copyOf(touched, 2 * touchedCount);
    }
    touched[touchedCount++] = f;
  }

  private void handle(long what) {
    int id = (int) (what >> 2);
    switch ((int) what & 3) {
      case DELIVERY -> {
        messages.delivered[id] = now;
        deliveries++;
        if (delivery != null) {
          delivery.delivered(id, now);
        }
      }
      case START -> touch(id);
      default -> {
        if (wakeUp != null) {
          wakeUp.wokeUp(id, now);
        }
      }
    }
  }

  /** A flow that goes on with its next message at once never leaves its links. */
  private void startAndStop() {
    for (int i = 0; i < touchedCount; i++) {
      int f = touched[i];
      boolean idle = !sending.sends(f) || ended[f];
      if (idle && messages.isDue(f, now)) {
        int message = messages.first[f];
        messages.started[message] = now;
        sending.begin(f, messages.bytes[message], now);
      } else if (ended[f]) {
        sending.end(f);
      }
      ended[f] = false;
    }
    touchedCount = 0;
    sending.settle(now);
  }

  /** Has these changes happen, and no others. */
  public void during(Changes what) {
    changes = what;
  }

  /**
   * Lets a link carry another rate from now on.
   *
   * @param bitsPerSecond at least 0
   */
  public void capacity(int link, double bitsPerSecond) {
    double its = checkedCapacity(bitsPerSecond);
    bundles.capacity(Check.index("link", link, links), bitsPerSecond);
    sending.capacity(link, its);
  }

  /** Has a flow, with what it has not sent yet, take other links from now on. */
  public void reroute(int which, Route route) {
    Check.index("flow", which, flows);
    bundles.take(route);
    sending.reroute(which, route, now);
    latency[which] = route.latencyPs();
  }

  /** Has a flow send nothing from now on, what it has begun included, until {@link #resume}. */
  public void stall(int which) {
    sending.stall(Check.index("flow", which, flows), now);
  }

  /** Lets a flow go on. */
  public void resume(int which) {
    sending.resume(Check.index("flow", which, flows), now);
  }

  /** What a flow has to send now, what it has begun included, bytes. */
  public double backlogBytes(int which) {
    Check.index("flow", which, flows);
    return messages.isDue(which, now)
        ? leftBytes(which) + messages.bytesBehindFirst(which, now)
        : 0;
  }

  /** What a flow has not sent of its first message, which there is, bytes. */
  public double leftBytes(int which) {
    Check.index("flow", which, flows);
    return isInMessage(which)
        ? sending.left(which, now)
        : (double) messages.bytes[messages.first[which]];
  }

  /** Whether a flow has begun its first message: what has ended at this moment is not its first. */
  private boolean isInMessage(int f) {
    return sending.sends(f) && !ended[f];
  }

  /** The message that a flow sends next or is sending, or -1. */
  public int firstMessage(int which) {
    return messages.first[Check.index("flow", which, flows)];
  }

  /** The simulated time, picoseconds. */
  public long now() {
    return now;
  }

  /** How many flows have been opened. */
  public int flows() {
    return flows;
  }

  /** How many messages have been sent. */
  public int messages() {
    return messages.count;
  }

  /** How many messages have been delivered. */
  public long delivered() {
    return deliveries;
  }

  /** The flow of a message. */
  public int flow(int message) {
    return messages.flow[checked(message)];
  }

  /** The traffic class of a flow. */
  public int inClass(int which) {
    return sending.inClass(Check.index("flow", which, flows));
  }

  /** The size of a message, bytes. */
  public long bytes(int message) {
    return messages.bytes[checked(message)];
  }

  /** When a message was to start, ps: its {@code notBeforePs}. */
  public long postedPs(int message) {
    return messages.notBefore[checked(message)];
  }

  /** When a message's first byte left, ps, or {@link #NOT_YET}. */
  public long startedPs(int message) {
    return messages.started[checked(message)];
  }

  /** When the receiver had a message's last byte, ps, or {@link #NOT_YET}. */
  public long deliveredPs(int message) {
    return messages.delivered[checked(message)];
  }

  private int checked(int message) {
    return Check.index("message", message, messages.count);
  }

  /** The rate of a flow now, bit/s; 0 if it sends nothing. */
  public double bitsPerSecond(int which) {
    return sending.rate(Check.index("flow", which, flows)) * BYTES_PER_PS;
  }

  /** What a flow's messages that have ended were together, bytes. */
  public long sentBytes(int which) {
    return sent[Check.index("flow", which, flows)];
  }

  /** The same, with the part that it has sent of its first message, bytes. */
  public double carriedBytes(int which) {
    Check.index("flow", which, flows);
    return isInMessage(which)
        ? sent[which] + messages.bytes[messages.first[which]] - leftBytes(which)
        : sent[which];
  }

  /** How often rates were worked out. */
  public long fillings() {
    return shares.fillings();
  }

  /** How many flows' rates were worked out, each time it was done counted. */
  public long filledFlows() {
    return shares.filledFlows();
  }
}
