package weft.engine.packet;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What switches write into packets (INT), one object a thread: the record of the packet at hand. A
 * record goes with its packet, in rings and streams, and back with the answer; its sender uses it
 * for another packet then.
 */
final class InBandTelemetry {
  /** A record: the number of hops, and for each of them these. */
  static final int QUEUE_BYTES = 1;

  static final int SENT_BYTES = 2;
  static final int TIME_PS = 3;
  static final int RATE = 4;
  static final int HOP_WORDS = 4;

  private static final int FIRST_HOPS = 5;

  final boolean isUsed;
  long @Nullable [] hand; // of the packet that is being handled
  private final Deque<long[]> free = new ArrayDeque<>();

  InBandTelemetry(boolean isUsed) {
    this.isUsed = isUsed;
  }

  /** The packet at hand is new. */
  void begin() {
    if (isUsed) {
      long[] record = free.pollLast();
      hand = record == null ? new long[1 + HOP_WORDS * FIRST_HOPS] : record;
      hand[0] = 0;
    }
  }

  /** A switch sends the packet at hand by a port. */
  void write(Port port, long rate, long now) {
    long[] record = hand;
    if (record == null) {
      return;
    }
    int hop = (int) record[0]++;
    int at = hop * HOP_WORDS;
    if (at + HOP_WORDS >= record.length) {
      record = Arrays.copyOf(record, 2 * record.length);
      hand = record;
    }
    record[at + QUEUE_BYTES] = port.waiting();
    record[at + SENT_BYTES] = port.bytes;
    record[at + TIME_PS] = now;
    record[at + RATE] = rate;
  }

  /** The answer at hand has been read. */
  void release() {
    if (hand != null) {
      free.addLast(hand);
      hand = null;
    }
  }

  /** Leaves the record with the packet at hand, which was put last into a ring. */
  void attach(Ring ring) {
    if (isUsed) {
      ring.attach(hand, ring.tail - 1);
    }
  }

  /** Leaves the record with the packet at hand, which was added last to a stream. */
  void attach(Stream stream) {
    if (isUsed) {
      stream.attach(hand);
    }
  }

  /** A packet that was taken off a ring is at hand. */
  void take(Ring ring, int at) {
    if (isUsed) {
      hand = ring.record(at);
    }
  }

  /** A packet that came from another cell is at hand. */
  void take(Arrivals arrivals, int at) {
    if (isUsed) {
      hand = arrivals.record(at);
    }
  }
}
