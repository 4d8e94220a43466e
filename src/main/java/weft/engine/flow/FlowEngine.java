package weft.engine.flow;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import weft.sim.Interruption;
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

  private static final int NONE = -1;
  private static final double BYTES_PER_PS = 8e12; // in bit/s
  private static final int CHECK_EVERY = 1 << 12; // moments
  // Where the fraction of a picosecond is cut: not where the quotients of round numbers lie, so
  // that
  // what ends at once but was computed in another order still ends at once.
  private static final double ROUNDING = 0.6180339887;

  private static final int DELIVERY = 0;
  private static final int START = 1;
  private static final int WAKE = 2;

  private final Shares shares = new Shares();
  private final Finishes finishes = new Finishes();
  private final Agenda agenda = new Agenda();
  private @Nullable DeliveryListener delivery;
  private @Nullable WakeUpListener wakeUp;
  private final int links;

  // By flow.
  private long[] latency = new long[64];
  private int[] packet = new int[64]; // bytes that later hops wait for before they send
  private double[] hopPs = new double[64]; // for a byte of these, ps
  private double[] left = new double[64]; // bytes of its first message at the time in since
  private long[] since = new long[64];
  private double[] rate = new double[64]; // bytes a ps
  private int[] first = new int[64]; // message that it sends or that waits for its time
  private int[] last = new int[64];
  private long[] sent = new long[64]; // bytes of messages that have ended
  private boolean[] sends = new boolean[64];
  private boolean[] ended = new boolean[64]; // its first message, at this moment

  // By message.
  private int[] flow = new int[256];
  private int[] next = new int[256]; // of its flow
  private long[] bytes = new long[256];
  private long[] notBefore = new long[256];
  private long[] started = new long[256];
  private long[] delivered = new long[256];
  private int messages;

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

  /**
   * Links with nothing on them, at time 0.
   *
   * @param capacities what each carries, bit/s, at least 0
   */
  public FlowEngine(double[] capacities) {
    for (double capacity : capacities) {
      if (!(capacity >= 0) || Double.isInfinite(capacity)) {
        throw new IllegalArgumentException(
            "a link's capacity is a number from 0 in bit/s, but was " + capacity);
      }
      shares.addLink(capacity / BYTES_PER_PS);
    }
    links = capacities.length;
  }

  /** A flow of weight 1 over these links, all its bytes over each. */
  public int open(int[] path, long latencyPs) {
    double[] all = new double[path.length];
    Arrays.fill(all, 1);
    return open(path, all, 1, Double.POSITIVE_INFINITY, latencyPs);
  }

  /**
   * A flow.
   *
   * @param over the links of its path or paths, each once
   * @param parts by link, which part of its bytes takes it, above 0
   * @param weight its share is that of so many flows of weight 1, above 0
   * @param mostBitsPerSecond it sends no faster than this, above 0
   * @param latencyPs from the last byte sent until it is received
   * @return its number, from 0 in the order of opening
   */
  public int open(
      int[] over, double[] parts, double weight, double mostBitsPerSecond, long latencyPs) {
    check(over, parts, weight, mostBitsPerSecond, latencyPs);
    int[] all = over;
    double[] use = parts;
    if (mostBitsPerSecond < Double.POSITIVE_INFINITY) {
      all = Arrays.copyOf(over, over.length + 1);
      use = Arrays.copyOf(parts, over.length + 1);
      all[over.length] = shares.addLink(mostBitsPerSecond / BYTES_PER_PS);
      use[over.length] = 1;
    }
    int f = shares.add(all, use, weight);
    finishes.add(f);
    if (f == latency.length) {
      growFlows(2 * f);
    }
    latency[f] = latencyPs;
    first[f] = NONE;
    last[f] = NONE;
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
    packet[Check.index("flow", which, shares.flows())] = bytes;
    hopPs[which] = psPerByte;
  }

  private void check(int[] over, double[] parts, double weight, double most, long latencyPs) {
    if (over.length == 0 || over.length != parts.length) {
      throw new IllegalArgumentException(
          "a flow has at least one link and a part for each, but there were %d and %d"
              .formatted(over.length, parts.length));
    }
    for (int i = 0; i < over.length; i++) {
      Check.index("link", over[i], links);
      checkAbove("a part", parts[i]);
    }
    checkAbove("a weight", weight);
    checkAbove("the most a flow may send, bit/s,", most);
    if (latencyPs < 0) {
      throw new IllegalArgumentException("a latency is at least 0 ps, but was " + latencyPs);
    }
  }

  private static void checkAbove(String name, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(
          "%s of a flow is above 0, but was %s".formatted(name, value));
    }
  }

  private void growFlows(int size) {
    latency = Arrays.copyOf(latency, size);
    packet = Arrays.copyOf(packet, size);
    hopPs = Arrays.copyOf(hopPs, size);
    left = Arrays.copyOf(left, size);
    since = Arrays.copyOf(since, size);
    rate = Arrays.copyOf(rate, size);
    first = Arrays.copyOf(first, size);
    sent = Arrays.copyOf(sent, size);
    last = Arrays.copyOf(last, size);
    sends = Arrays.copyOf(sends, size);
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
    Check.index("flow", by, shares.flows());
    if (size <= 0) {
      throw new IllegalArgumentException("a message has at least 1 byte, but bytes was " + size);
    }
    checkTime(notBeforePs);
    int m = messages++;
    if (m == flow.length) {
      growMessages(2 * m);
    }
    flow[m] = by;
    bytes[m] = size;
    notBefore[m] = notBeforePs;
    next[m] = NONE;
    started[m] = NOT_YET;
    delivered[m] = NOT_YET;
    if (first[by] == NONE) {
      first[by] = m;
      askFor(by);
    } else {
      next[last[by]] = m;
    }
    last[by] = m;
    return m;
  }

  private void checkTime(long timePs) {
    if (timePs < now) {
      throw new IllegalArgumentException(
          "nothing can be asked for in the past: it is %d ps, but %d ps was given"
              .formatted(now, timePs));
    }
  }

  private void growMessages(int size) {
    flow = Arrays.copyOf(flow, size);
    next = Arrays.copyOf(next, size);
    bytes = Arrays.copyOf(bytes, size);
    notBefore = Arrays.copyOf(notBefore, size);
    started = Arrays.copyOf(started, size);
    delivered = Arrays.copyOf(delivered, size);
  }

  /** Has a flow look at its first message, now or when that may start. */
  private void askFor(int f) {
    agenda.add(notBefore[first[f]], entry(START, f));
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
    while ((moment = Math.min(finishes.first(), agenda.firstTime())) < Long.MAX_VALUE
        && !done.getAsBoolean()) {
      if (moments++ % CHECK_EVERY == 0) {
        Interruption.check("sharing links, at %s".formatted(new Time(moment)));
      }
      now = moment;
      endMessages();
      while (agenda.firstTime() == now) {
        handle(agenda.take());
      }
      startAndStop();
    }
  }

  private void endMessages() {
    int count = finishes.collect(now);
    for (int i = 0; i < count; i++) {
      int f = finishes.due(i);
      int message = first[f];
      long stored = (long) (Math.min(bytes[message], packet[f]) * hopPs[f]);
      agenda.add(now + latency[f] + stored, entry(DELIVERY, message));
      sent[f] += bytes[message];
      first[f] = next[message];
      ended[f] = true;
      touch(f);
      if (first[f] != NONE && notBefore[first[f]] > now) {
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
        delivered[id] = now;
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
    boolean changes = false;
    for (int i = 0; i < touchedCount; i++) {
      int f = touched[i];
      boolean wants = first[f] != NONE && notBefore[first[f]] <= now;
      boolean idle = !sends[f] || ended[f];
      if (idle && wants) {
        if (!sends[f]) {
          sends[f] = true;
          shares.start(f);
          changes = true;
        }
        begin(f);
      } else if (ended[f]) {
        sends[f] = false;
        shares.stop(f);
        rate[f] = 0;
        finishes.forget(f);
        changes = true;
      }
      ended[f] = false;
    }
    touchedCount = 0;
    if (changes) {
      shares.settle();
      changeRates();
    }
  }

  private void begin(int f) {
    int message = first[f];
    started[message] = now;
    left[f] = bytes[message];
    since[f] = now;
    setFinish(f);
  }

  private void changeRates() {
    for (int i = 0; i < shares.changedCount; i++) {
      int f = shares.changed[i];
      left[f] -= rate[f] * (now - since[f]);
      since[f] = now;
      rate[f] = shares.rate(f);
      setFinish(f);
    }
  }

  private void setFinish(int f) {
    if (rate[f] > 0) {
      finishes.set(f, now + (long) Math.max(0, left[f] / rate[f] + ROUNDING));
    } else {
      finishes.forget(f);
    }
  }

  /** The simulated time, picoseconds. */
  public long now() {
    return now;
  }

  /** How many flows have been opened. */
  public int flows() {
    return shares.flows();
  }

  /** How many messages have been sent. */
  public int messages() {
    return messages;
  }

  /** How many messages have been delivered. */
  public long delivered() {
    return deliveries;
  }

  /** The flow of a message. */
  public int flow(int message) {
    return flow[checked(message)];
  }

  /** The size of a message, bytes. */
  public long bytes(int message) {
    return bytes[checked(message)];
  }

  /** When a message was to start, ps: its {@code notBeforePs}. */
  public long postedPs(int message) {
    return notBefore[checked(message)];
  }

  /** When a message's first byte left, ps, or {@link #NOT_YET}. */
  public long startedPs(int message) {
    return started[checked(message)];
  }

  /** When the receiver had a message's last byte, ps, or {@link #NOT_YET}. */
  public long deliveredPs(int message) {
    return delivered[checked(message)];
  }

  private int checked(int message) {
    return Check.index("message", message, messages);
  }

  /** The rate of a flow now, bit/s; 0 if it sends nothing. */
  public double bitsPerSecond(int which) {
    return rate[Check.index("flow", which, shares.flows())] * BYTES_PER_PS;
  }

  /** What a flow's messages that have ended were together, bytes. */
  public long sentBytes(int which) {
    return sent[Check.index("flow", which, shares.flows())];
  }

  /** How often rates were worked out. */
  public long fillings() {
    return shares.fillings;
  }

  /** How many flows' rates were worked out, each time it was done counted. */
  public long filledFlows() {
    return shares.filled;
  }
}
