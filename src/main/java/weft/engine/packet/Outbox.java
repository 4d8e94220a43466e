package weft.engine.packet;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weft.units.Time;

/**
 * What the cells of one thread send. On a cable inside a cell it gets its event at once. On others
 * it goes to the {@link Stream} of the window in which it arrives, which the thread of the cell
 * there reads when that window comes; until then nobody else looks at it, so there are no locks.
 */
final class Outbox {
  private static final int MOST_WINDOWS = 1_000_000;

  /** Below, the reciprocal of a window divides exactly: this times the longest is below 2^63. */
  private static final long EXACT = 1L << 42;

  private final Clock clock;
  private final Ports ports;
  private final InBandTelemetry telemetry;
  private final long length; // of a window, ps
  private final long reciprocal; // 2^63 over it, rounded up
  private final int mask;
  private final @Nullable Stream[][] streams; // by receiving thread and window, modulo their number
  private final BitSet used = new BitSet(); // by window, modulo their number
  private long window; // at work
  private long start; // of it, ps

  /** Packets and frames sent to other cells. */
  long sent;

  Outbox(Clock clock, Ports ports, Cells cells, int threads, InBandTelemetry telemetry) {
    this.telemetry = telemetry;
    this.clock = clock;
    this.ports = ports;
    this.length = cells.lookahead;
    this.reciprocal = Long.MAX_VALUE / length + 1;
    int windows = Integer.highestOneBit((int) windows(cells) + 2) << 1;
    mask = windows - 1;
    streams = new @Nullable Stream[threads][windows];
  }

  /** What a fabric's delays may be apart is limited by memory. */
  private static long windows(Cells cells) {
    long windows = cells.longest / cells.lookahead;
    if (windows > MOST_WINDOWS) {
      throw new IllegalArgumentException(
          "the slowest way over a cable takes at most a million times as long as the fastest, but they take %s and %s: bring the cables' delays and rates, or the switches' latencies, nearer to each other"
              .formatted(new Time(cells.longest), new Time(cells.lookahead)));
    }
    return windows;
  }

  void packet(Port port, long arrival, long owner, long head, long stamp) {
    if (port.inside) {
      Port to = ports.port[port.peer];
      enter(to.inward, arrival, Clock.ARRIVE, to.index);
      to.inward.put(arrival, owner, head, stamp);
      telemetry.attach(to.inward);
    } else {
      Stream stream = add(port, arrival, owner, head, stamp, port.peer << 1);
      telemetry.attach(stream);
    }
  }

  void frame(Port port, long arrival, long says) {
    if (port.inside) {
      Port to = ports.port[port.peer];
      enter(to.inwardFrames, arrival, Clock.FRAME, to.index);
      to.inwardFrames.put(arrival, says, 0, 0);
    } else {
      add(port, arrival, says, 0, 0, port.peer << 1 | 1);
    }
  }

  /** The first under way to a port has an event; the others follow it. */
  private void enter(Ring way, long arrival, int kind, int port) {
    if (way.isEmpty()) {
      clock.at(arrival, kind, port);
    }
  }

  private Stream add(Port port, long arrival, long owner, long head, long stamp, int target) {
    sent++;
    long ahead = arrival - start;
    long windows = windows(ahead);
    Stream stream = stream(port.peerThread, (int) (window + windows) & mask);
    stream.add(Stream.key(ahead - windows * length, target), owner, head, stamp, port.peerCell);
    return stream;
  }

  /** How many whole windows so many ps are, without a division where it can be spared. */
  private long windows(long ps) {
    return ps < EXACT ? Math.multiplyHigh(ps << 1, reciprocal) : ps / length;
  }

  private Stream stream(int thread, int at) {
    Stream stream = streams[thread][at];
    if (stream == null) {
      stream = new Stream();
      streams[thread][at] = stream;
    }
    if (stream.size == 0) {
      used.set(at);
    }
    return stream;
  }

  /** What a thread is to read in a window; null if there is nothing. */
  @Nullable Stream to(int thread, long inWindow) {
    return streams[thread][(int) inWindow & mask];
  }

  /** What was sent for a window is being read. */
  void open(long now) {
    window = now;
    start = now * length;
    used.clear((int) now & mask);
  }

  /** The beginning of the next window in which something arrives; the end of time if none does. */
  long earliest() {
    int from = (int) (window + 1) & mask;
    int at = used.nextSetBit(from);
    if (at < 0) {
      at = used.nextSetBit(0);
    }
    return at < 0 ? Long.MAX_VALUE : (window + 1 + (at - from & mask)) * length;
  }

  /** All that is under way to other cells, to be looked at between windows. */
  List<Stream> underWay() {
    return Arrays.stream(streams).flatMap(Arrays::stream).filter(Objects::nonNull).toList();
  }
}
