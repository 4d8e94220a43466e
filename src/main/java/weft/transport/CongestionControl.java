package weft.transport;

import static weft.units.Units.us;

import java.util.Optional;
import java.util.Set;
import weft.units.Time;

/**
 * How much a queue pair sends, and how it answers what the network tells it.
 *
 * <p>A sender holds back by a pace, {@link Controller#bitsPerSecond()}, and by a window, {@link
 * Controller#windowBytes()}; reliability, queues and the wire are the engine's. A new one takes a
 * few lines in a cell:
 *
 * <pre>
 * record Halving() implements CongestionControl {
 *   public Controller open(Connection connection) {
 *     double line = connection.nic().bitsPerSecond();
 *     return new Controller() {
 *       double rate = line;
 *       public double bitsPerSecond() { return rate; }
 *       public void onAcknowledgement(Acknowledgement ack) {
 *         rate = ack.marked() ? rate / 2 : Math.min(line, rate + 1e8);
 *       }
 *     };
 *   }
 * }
 * </pre>
 *
 * <p>The same calls at the same times must give the same rates: a controller has no other clock
 * than {@code nowPs} and draws random numbers, if any, from a generator seeded by {@link
 * Connection#queuePair()}.
 */
public interface CongestionControl {
  /**
   * A new queue pair's controller.
   *
   * @param connection what it may know of its NIC and path; the network is idle
   */
  Controller open(Connection connection);

  /**
   * What the network must tell. Everything but {@link Signal#TELEMETRY} unless overridden, since
   * that makes every data packet longer.
   */
  default Set<Signal> signals() {
    return Set.of(Signal.NOTIFICATION, Signal.ECN_ECHO, Signal.DELAY);
  }

  /** The marking profile it is meant for; {@link Red#scaled()} unless overridden. */
  default Red marking() {
    return Red.scaled();
  }

  /**
   * Least time between two congestion notification packets that a receiver sends for one queue
   * pair; 4 us, as adapters do (NVIDIA, {@code min_time_between_cnps}), unless overridden.
   */
  default Time notificationInterval() {
    return us(4);
  }

  /** How receivers grant credit; they grant none unless overridden. */
  default Optional<Credit> credit() {
    return Optional.empty();
  }

  /** Every parameter in a sentence, for provenance. */
  default String parameters() {
    return toString();
  }

  /** Every queue pair sends at its NIC's line rate; only pause frames hold it back. */
  static CongestionControl none() {
    return new None();
  }

  /** What a network can tell a sender. */
  enum Signal {
    /** A packet (CNP) that the receiver sends at once when a marked packet has come. */
    NOTIFICATION,
    /** Each acknowledgement says whether its packet was marked. */
    ECN_ECHO,
    /** Each acknowledgement says how long the round trip took. */
    DELAY,
    /**
     * Each acknowledgement brings what the switches wrote into its packet (INT): queue, bytes sent,
     * time and rate of every port passed.
     */
    TELEMETRY
  }

  /**
   * The mutable state of one queue pair's sender. The engine calls it in the order of simulated
   * time, for every packet, so a call should not allocate; after each call it asks for pace and
   * window anew.
   */
  interface Controller {
    /** The pace, bit/s on the wire, above 0; at the NIC's line rate or above it does not limit. */
    double bitsPerSecond();

    /**
     * The window, payload bytes: a packet may leave while fewer are unacknowledged; at 0 none may.
     * Without limit unless overridden.
     */
    default long windowBytes() {
      return Long.MAX_VALUE;
    }

    /**
     * A packet begins to leave, sent for the first time or again.
     *
     * @param wireBytes its length with all headers
     */
    default void onSend(long nowPs, int wireBytes) {}

    /**
     * An acknowledgement has come.
     *
     * @param ack valid during this call only: the engine uses it again
     */
    default void onAcknowledgement(Acknowledgement ack) {}

    /** A congestion notification packet has come. */
    default void onNotification(long nowPs) {}

    /** The receiver has granted so many more payload bytes, see {@link #credit()}. */
    default void onCredit(long nowPs, long bytes) {}

    /** The network has lost something: a NAK or a trimmed packet says so. */
    default void onLoss(long nowPs) {}

    /** Nothing was heard for the transport's timeout, and what is unacknowledged goes again. */
    default void onTimeout(long nowPs) {}
  }

  /** Line rate always. */
  record None() implements CongestionControl {
    @Override
    public Controller open(Connection connection) {
      double line = connection.nic().bitsPerSecond();
      return () -> line;
    }

    @Override
    public Set<Signal> signals() {
      return Set.of();
    }

    @Override
    public String parameters() {
      return "none";
    }

    @Override
    public String toString() {
      return "no congestion control";
    }
  }
}
