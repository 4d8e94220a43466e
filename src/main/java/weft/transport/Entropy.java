package weft.transport;

import weft.sim.RandomStreams;
import weft.units.Check;

/**
 * Which entropy value each packet of a connection carries. Switches hash it (in Ultra Ethernet and
 * RoCEv2 it is the UDP source port), so another value may be another path, and the same value is
 * the same path for as long as the fabric does not change.
 *
 * <p>One that always takes the least value takes a line in a cell: {@code Entropy mine =
 * (connection, seed) -> nowPs -> 0;}
 */
public interface Entropy {
  /** How many values there are: 16 bits. */
  int VALUES = 1 << 16;

  /**
   * A new connection's source of values.
   *
   * @param connection what it may know of its path
   * @param seed of this connection alone, for random draws
   */
  Source open(Connection connection, long seed);

  /** The mutable state of one connection; called in the order of simulated time. */
  @FunctionalInterface
  interface Source {
    /** The value of the packet that leaves now, from 0 to {@link #VALUES} - 1. */
    int next(long nowPs);

    /**
     * A packet has been acknowledged.
     *
     * @param value that it carried
     * @param marked whether it met congestion
     */
    default void onAcknowledgement(long nowPs, int value, boolean marked) {}

    /** A packet that carried this value has been trimmed: its path is congested. */
    default void onTrim(long nowPs, int value) {}

    /** A packet that carried this value has not been heard of for the retransmission timeout. */
    default void onTimeout(long nowPs, int value) {}
  }

  /** One value for all packets, drawn when the connection opens: one path. */
  static Entropy fixed() {
    return new Fixed();
  }

  /** So many values, one after the other, from one drawn when the connection opens. */
  static Entropy roundRobin(int values) {
    return new RoundRobin(values);
  }

  /** Each packet's value drawn anew from all 16 bits: oblivious spraying. */
  static Entropy random() {
    return new Drawn();
  }

  /** Recycled entropy, {@link Reps#defaults()}. */
  static Entropy recycled() {
    return Reps.defaults();
  }

  /** See {@link #fixed()}. */
  record Fixed() implements Entropy {
    @Override
    public Source open(Connection connection, long seed) {
      int value = first(seed);
      return nowPs -> value;
    }

    @Override
    public String toString() {
      return "one entropy value";
    }
  }

  /**
   * See {@link #roundRobin}.
   *
   * @param values how many, from 2 to {@link #VALUES}
   */
  record RoundRobin(int values) implements Entropy {
    /**
     * @throws IllegalArgumentException if there are fewer than 2 values or more than 16 bits hold
     */
    public RoundRobin {
      Check.atLeast(2, "entropy values", values, "one value is Entropy.fixed()");
      if (values > VALUES) {
        throw new IllegalArgumentException(
            "an entropy value has 16 bits, so there are at most %d, but %d were asked for: 64 are usual"
                .formatted(VALUES, values));
      }
    }

    @Override
    public Source open(Connection connection, long seed) {
      int first = first(seed);
      return new Source() {
        private int step;

        @Override
        public int next(long nowPs) {
          int value = first + step & VALUES - 1;
          step = step + 1 == values ? 0 : step + 1;
          return value;
        }
      };
    }

    @Override
    public String toString() {
      return "%d entropy values in turn".formatted(values);
    }
  }

  /** See {@link #random()}. */
  record Drawn() implements Entropy {
    @Override
    public Source open(Connection connection, long seed) {
      return new Source() {
        private long draws;

        @Override
        public int next(long nowPs) {
          return drawn(seed, draws++);
        }
      };
    }

    @Override
    public String toString() {
      return "random entropy values";
    }
  }

  private static int first(long seed) {
    return drawn(seed, 0);
  }

  /** Draw {@code i} of a seed: the uppermost of 64 bits of which each depends on all of both. */
  static int drawn(long seed, long i) {
    return (int) (RandomStreams.mix(seed + (i + 1) * 0x9E3779B97F4A7C15L) >>> 48);
  }
}
