package weft.verbs;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import weft.units.Check;
import weft.units.Time;

/**
 * Attributes of a queue pair, as many as have been given. Each step returns a new value.
 *
 * <pre>{@code
 * qp.modify(QpState.INIT, Attributes.none().pkeyIndex(0).port(1).access(Access.REMOTE_WRITE))
 * }</pre>
 */
public final class Attributes {
  private static final int PSN_LIMIT = 1 << 24;

  /** The key that datagram queue pairs of {@link #usual()} share. */
  static final int USUAL_QKEY = 0x11111111;

  private final Map<Attribute, Object> values;

  private Attributes(Map<Attribute, Object> values) {
    this.values = values;
  }

  /** No attribute yet. */
  public static Attributes none() {
    return new Attributes(new EnumMap<>(Attribute.class));
  }

  /**
   * What most programs use: port 1, all remote access, MTU 4096, PSNs from 0, 16 reads at a time,
   * RNR timer 12 (0.64 ms), timeout 14 (67 ms), 7 retries, RNR retries without end. Only the other
   * side's address and number are missing.
   */
  public static Attributes usual() {
    return none()
        .pkeyIndex(0)
        .port(1)
        .access(Access.REMOTE_READ, Access.REMOTE_WRITE, Access.REMOTE_ATOMIC)
        .qkey(USUAL_QKEY)
        .pathMtu(4096)
        .receivePsn(0)
        .maxDestReadAtomic(16)
        .minRnrTimer(12)
        .sendPsn(0)
        .maxReadAtomic(16)
        .retryCount(7)
        .rnrRetry(7)
        .timeout(14);
  }

  private Attributes with(Attribute attribute, Object value) {
    var copy = new EnumMap<>(values);
    copy.put(attribute, value);
    return new Attributes(copy);
  }

  /** These attributes, and those of {@code later} in their place where both have one. */
  Attributes and(Attributes later) {
    var copy = new EnumMap<>(values);
    copy.putAll(later.values);
    return new Attributes(copy);
  }

  /** The partition, as an index into the port's table; there is one, 0. */
  public Attributes pkeyIndex(int index) {
    return with(Attribute.PKEY_INDEX, Check.index("partition key index", index, 1));
  }

  /** The port of the device; there is one, 1. */
  public Attributes port(int number) {
    if (number != 1) {
      throw new IllegalArgumentException(
          "a device of the lab has one port, 1, but was given %d: write port(1)".formatted(number));
    }
    return with(Attribute.PORT, number);
  }

  /** What the other side may do through this queue pair; memory regions must permit it too. */
  public Attributes access(Access... flags) {
    Check.noneNull("access flags", flags, "write access(Access.REMOTE_WRITE)");
    var set = EnumSet.noneOf(Access.class);
    set.addAll(Arrays.asList(flags));
    return with(Attribute.ACCESS_FLAGS, set);
  }

  /** The key that datagrams to this queue pair must carry. */
  public Attributes qkey(int key) {
    return with(Attribute.QKEY, key);
  }

  /** The address vector: which device the other end is on. */
  public Attributes to(Device device) {
    return with(Attribute.AV, Check.notNull("the other device", device, "write to(lab.b())"));
  }

  /** The most payload of a packet: 256, 512, 1024, 2048 or 4096 bytes. */
  public Attributes pathMtu(int bytes) {
    if (bytes < 256 || bytes > 4096 || Integer.bitCount(bytes) != 1) {
      throw new IllegalArgumentException(
          "a path MTU is 256, 512, 1024, 2048 or 4096 bytes, but was %d: write pathMtu(4096)"
              .formatted(bytes));
    }
    return with(Attribute.PATH_MTU, bytes);
  }

  /** The number of the other queue pair. */
  public Attributes destination(int queuePair) {
    return with(Attribute.DEST_QPN, Check.index("destination queue pair", queuePair, PSN_LIMIT));
  }

  /** The PSN that the first request of the other side will have. */
  public Attributes receivePsn(int psn) {
    return with(Attribute.RQ_PSN, Check.index("receive PSN", psn, PSN_LIMIT));
  }

  /** The PSN of this side's first request. */
  public Attributes sendPsn(int psn) {
    return with(Attribute.SQ_PSN, Check.index("send PSN", psn, PSN_LIMIT));
  }

  /** How many reads and atomics of the other side are served at a time. */
  public Attributes maxDestReadAtomic(int count) {
    return with(Attribute.MAX_DEST_RD_ATOMIC, Check.index("max_dest_rd_atomic", count, 256));
  }

  /** How many reads and atomics are under way at a time; the others wait. */
  public Attributes maxReadAtomic(int count) {
    return with(Attribute.MAX_QP_RD_ATOMIC, Check.index("max_rd_atomic", count, 256));
  }

  /** How long a sender shall wait that met no receive, as a code from 0 to 31. */
  public Attributes minRnrTimer(int code) {
    return with(Attribute.MIN_RNR_TIMER, Check.index("min_rnr_timer", code, 32));
  }

  /** How often a request is sent again for want of an answer, 0 to 7. */
  public Attributes retryCount(int count) {
    return with(Attribute.RETRY_CNT, Check.index("retry_cnt", count, 8));
  }

  /** How often a request is sent again that met no receive, 0 to 6; 7 is without end. */
  public Attributes rnrRetry(int count) {
    return with(Attribute.RNR_RETRY, Check.index("rnr_retry", count, 8));
  }

  /** How long to wait for an answer: 4.096 us × 2^exponent, 1 to 31; 0 is for ever. */
  public Attributes timeout(int exponent) {
    return with(Attribute.TIMEOUT, Check.index("timeout", exponent, 32));
  }

  boolean has(Attribute attribute) {
    return values.containsKey(attribute);
  }

  int number(Attribute attribute) {
    return (Integer) value(attribute);
  }

  Device device() {
    return (Device) value(Attribute.AV);
  }

  Set<?> access() {
    return (Set<?>) value(Attribute.ACCESS_FLAGS);
  }

  Object value(Attribute attribute) {
    Object value = values.get(attribute);
    if (value == null) {
      throw new IllegalStateException(attribute + " has not been given");
    }
    return value;
  }

  /** The wait that {@link #timeout} stands for; none when it is for ever. */
  Time timeout() {
    int exponent = number(Attribute.TIMEOUT);
    return exponent == 0 ? Time.ZERO : new Time(4_096_000L << exponent);
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
