package weft.engine.packet;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import weft.sim.Interruption;
import weft.units.Time;

/**
 * What some ports did in each of a run's intervals, as an engine's user takes them between windows.
 * It takes a bounded room: when that is full each two intervals become one, so that intervals are
 * twice as long from then on and every sum is still there.
 */
public final class PortSamples {
  /** What is sampled of a port. All but the queue add up to the port's counters. */
  public enum Quantity {
    /** How long the port was sending in the interval, ps, at most the interval. */
    BUSY(0),
    /** Bytes that began to leave, preambles and gaps included, pause frames not. */
    BYTES(1),
    /** Data packets that got the ECN mark. */
    MARKS(2),
    /** Data packets dropped in front of the port. */
    DROPS(3),
    /** Data packets cut to their headers in front of the port. */
    TRIMS(4),
    /** Pause frames sent. */
    PAUSES_SENT(5),
    /** Pause frames received. */
    PAUSES_RECEIVED(6),
    /** How long the port was stopped for data in the interval, ps. */
    PAUSED(7),
    /** The most data bytes that waited at any time of the interval. */
    QUEUE(8);

    private final int place; // in the order of done(...)

    Quantity(int place) {
      this.place = place;
    }

    private long joined(long a, long b) {
      return this == QUEUE ? Math.max(a, b) : a + b;
    }
  }

  private static final Quantity[] QUANTITIES = Quantity.values();
  private static final int MOST_VALUES = 1 << 20; // of one quantity
  private static final int LEAST_SAMPLES = 64;

  private final PacketEngine engine;
  private final Ports all;
  private final int[] ports;
  private int most;
  private final long[][] values = new long[QUANTITIES.length][]; // samples x ports
  private final long[][] before; // by port: what it had done until the last sample
  private long intervalPs;
  private int samples;
  private long endPs;

  PortSamples(PacketEngine engine, Ports all, int[] ports, long intervalPs) {
    this.engine = engine;
    this.all = all;
    this.ports = ports.clone();
    this.intervalPs = intervalPs;
    before = new long[ports.length][QUANTITIES.length];
    keep(Math.max(LEAST_SAMPLES, MOST_VALUES / Math.max(1, ports.length) / 2 * 2));
  }

  /** Keeps so many samples at most, an even number; to be set before the run. */
  final PortSamples keep(int count) {
    most = count;
    Arrays.setAll(values, q -> new long[Math.min(most, LEAST_SAMPLES) * ports.length]);
    return this;
  }

  /**
   * Runs the engine until told to stop or nothing is pending, takes a sample after each interval,
   * and {@link PacketEngine#verify verifies}.
   *
   * @param done asked after each sample
   */
  public void run(BooleanSupplier done) {
    long next = intervalPs;
    boolean isDone = false;
    while (!isDone && engine.advance(next)) {
      Interruption.check("sampling at " + new Time(endPs));
      take();
      isDone = done.getAsBoolean();
      next = endPs + intervalPs;
    }
    if (engine.now() > endPs) {
      take();
    }
    engine.verify();
  }

  private void take() {
    endPs = engine.now();
    for (int p = 0; p < ports.length; p++) {
      long[] done = done(all.port[all.at[ports[p]]], endPs);
      for (Quantity quantity : QUANTITIES) {
        int q = quantity.place;
        values[q][samples * ports.length + p] =
            quantity == Quantity.QUEUE ? done[q] : done[q] - before[p][q];
      }
      before[p] = done;
    }
    samples++;
    makeRoom();
  }

  /** What a port has done until now, by quantity; the queue since this was last asked. */
  private static long[] done(Port port, long now) {
    return new long[] {
      port.busyPs(now),
      port.bytes,
      port.tally.marks,
      port.tally.drops,
      port.tally.trims,
      port.tally.pausesSent,
      port.tally.pausesReceived,
      port.pausedPs(now),
      port.takeMaxQueue()
    };
  }

  private void makeRoom() {
    if (samples == most) {
      for (Quantity quantity : QUANTITIES) {
        join(values[quantity.place], quantity);
      }
      samples /= 2;
      intervalPs *= 2;
    } else if (samples * ports.length == values[0].length) {
      int size = Math.min(most, 2 * samples) * ports.length;
      Arrays.setAll(values, q -> Arrays.copyOf(values[q], size));
    }
  }

  private void join(long[] all, Quantity quantity) {
    int width = ports.length;
    for (int s = 0; s < samples / 2; s++) {
      for (int p = 0; p < width; p++) {
        int first = 2 * s * width + p;
        all[s * width + p] = quantity.joined(all[first], all[first + width]);
      }
    }
  }

  /** How many ports are sampled. */
  public int ports() {
    return ports.length;
  }

  /** The number, as the engine counts them, of a sampled port. */
  public int port(int index) {
    return ports[index];
  }

  /** How many intervals there are. */
  public int size() {
    return samples;
  }

  /** The length of an interval, ps; the last one may be shorter. */
  public long intervalPs() {
    return intervalPs;
  }

  /** When an interval ends, ps. */
  public long endPs(int sample) {
    return sample == samples - 1 ? endPs : (sample + 1) * intervalPs;
  }

  /** How long an interval is, ps. */
  public long lengthPs(int sample) {
    return endPs(sample) - sample * intervalPs;
  }

  /** What a sampled port, counted among these, did in an interval. */
  public long value(Quantity quantity, int index, int sample) {
    return values[quantity.place][sample * ports.length + index];
  }
}
