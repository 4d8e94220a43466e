package weft.engine.packet;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import weft.transport.Credit;
import weft.transport.Transport;

/**
 * The receivers' credit: each port grants to the senders that have more for it in turn, at the
 * share of its rate that {@link Credit} says. What a sender has is known from its packets, whose
 * headers tell the length of their message.
 */
final class Grants {
  /** What {@link #next} answers when nobody wants credit. */
  static final long NOBODY = -1;

  private static final int NONE = -1;

  private final @Nullable Credit credit;
  private final double wirePerByte;
  private final QueuePairs pairs;
  private final Messages messages;
  private final Ports ports;

  // By queue pair.
  private long[] wanted = {}; // bytes since it was opened
  private long[] granted = {};
  private long[] heard = {}; // by its sender: how much of what was granted
  private int[] after = {}; // in the list of its port
  private boolean[] listed = {};

  // By port.
  private final int[] first;
  private final int[] last;
  private final long[] free; // when the next grant may go, ps
  private final boolean[] pending;

  Grants(Transport transport, QueuePairs pairs, Messages messages, Ports ports) {
    this.credit = transport.control().credit().orElse(null);
    double mtu = transport.mtu().bytes();
    this.wirePerByte = (mtu + transport.onTheWire().data()) / mtu;
    this.pairs = pairs;
    this.messages = messages;
    this.ports = ports;
    int count = credit == null ? 0 : ports.count;
    first = new int[count];
    last = new int[count];
    free = new long[count];
    pending = new boolean[count];
    Arrays.fill(first, NONE);
  }

  boolean areUsed() {
    return credit != null;
  }

  void open(int qp) {
    if (credit != null && qp >= wanted.length) {
      int size = Math.max(64, 2 * qp);
      wanted = Arrays.copyOf(wanted, size);
      granted = Arrays.copyOf(granted, size);
      heard = Arrays.copyOf(heard, size);
      after = Arrays.copyOf(after, size);
      listed = Arrays.copyOf(listed, size);
    }
  }

  /** All that a queue pair was granted since it was opened, bytes: what each grant repeats. */
  long granted(int qp) {
    return granted[qp];
  }

  /** Its sender hears of all that was granted: how much of it is news, bytes. */
  long news(int qp, long total) {
    long news = Math.max(0, total - heard[qp]);
    heard[qp] += news;
    return news;
  }

  /** A packet has come; says whether its sender is in the list now and was not before. */
  boolean want(int qp, int psn) {
    int message = pairs.deliverMessage[qp];
    while (psn >= messages.endPsn[message] && messages.next[message] != Messages.NONE) {
      message = messages.next[message];
    }
    wanted[qp] = Math.max(wanted[qp], messages.offset[message] + messages.bytes[message]);
    if (listed[qp] || wanted[qp] <= granted[qp]) {
      return false;
    }
    append(qp, pairs.answerPort[qp]);
    return true;
  }

  private void append(int qp, int port) {
    listed[qp] = true;
    after[qp] = NONE;
    if (first[port] == NONE) {
      first[port] = qp;
    } else {
      after[last[port]] = qp;
    }
    last[port] = qp;
  }

  /** Sees that a port with a list grants. */
  void start(Clock clock, int port) {
    if (!pending[port]) {
      pending[port] = true;
      clock.at(Math.max(clock.now, free[port]), Clock.GRANT, port);
    }
  }

  /** The next grant of a port: queue pair in the upper, bytes in the lower half. */
  long next(Clock clock, int port) {
    pending[port] = false;
    int qp = first[port];
    if (credit == null || qp == NONE) {
      return NOBODY;
    }
    first[port] = after[qp];
    listed[qp] = false;
    long bytes = Math.min(credit.grant().bytes(), wanted[qp] - granted[qp]);
    granted[qp] += bytes;
    if (granted[qp] < wanted[qp]) {
      append(qp, port);
    }
    double rate = credit.share() * ports.rate[port].bitsPerSecond();
    free[port] = clock.now + (long) (bytes * wirePerByte * 8e12 / rate);
    if (first[port] != NONE) {
      start(clock, port);
    }
    return (long) qp << 32 | bytes;
  }
}
