package weft.transport;

import static weft.units.Units.us;

import weft.units.Check;
import weft.units.DataSize;
import weft.units.Time;

/**
 * Recycled entropy packet spraying: a value whose packet came through unmarked is used again, so
 * that what is in flight remembers the good paths (Bonato et al., REPS, arXiv 2407.21625, Algorithm
 * 1).
 *
 * <ul>
 *   <li>The first bandwidth-delay product of packets carries random values (exploring).
 *   <li>An unmarked acknowledgement puts its value into a ring of {@link #slots}, the oldest giving
 *       way; a packet takes the oldest value that was not used yet, or a random one if there is
 *       none.
 *   <li>After a failure, told by a timeout, values of the ring are used again and again and none is
 *       drawn (freezing), until {@link #freezing} has passed and an acknowledgement comes; then it
 *       explores again.
 * </ul>
 *
 * @param slots of the ring, from 1 to 256
 * @param freezing how long it freezes at least
 */
public record Reps(int slots, Time freezing) implements Entropy {
  /**
   * @throws IllegalArgumentException if there is no slot or more than 256
   */
  public Reps {
    Check.atLeast(1, "REPS's slots", slots, "the paper has 8");
    Check.notNull("REPS's freezing time", freezing, "write for example us(100)");
    if (slots > 256) {
      throw new IllegalArgumentException(
          "REPS's head has 8 bits, so its ring has at most 256 slots, but was given %d: the paper has 8"
              .formatted(slots));
    }
  }

  /** 8 slots, as in the paper; freezing for 100 us. */
  public static Reps defaults() {
    return new Reps(8, us(100));
  }

  @Override
  public Source open(Connection connection, long seed) {
    return new Ring(this, connection, seed);
  }

  @Override
  public String toString() {
    return "recycled entropy values (REPS, %d slots)".formatted(slots);
  }

  private static final class Ring implements Source {
    private final int[] values;
    private final boolean[] valid;
    private final long freezingPs;
    private final int exploring; // packets
    private final long seed;
    private long draws;
    private int head;
    private int count; // of valid slots
    private boolean filled; // whether anything was ever cached
    private int explore; // packets still to go with random values
    private boolean freezing;
    private long thaw; // when freezing may end, ps

    Ring(Reps rules, Connection connection, long seed) {
      values = new int[rules.slots];
      valid = new boolean[rules.slots];
      freezingPs = rules.freezing.ps();
      DataSize product = connection.bandwidthDelay();
      exploring = (int) Math.max(1, product.bytes() / Math.max(1, connection.mtu().bytes()));
      explore = exploring;
      this.seed = seed;
    }

    @Override
    public int next(long nowPs) {
      if (!filled || explore > 0 || (count == 0 && !freezing)) {
        explore = Math.max(0, explore - 1);
        return Entropy.drawn(seed, draws++);
      }
      if (count > 0) {
        int oldest = Math.floorMod(head - count, values.length);
        valid[oldest] = false;
        count--;
        return values[oldest];
      }
      int again = values[head];
      head = (head + 1) % values.length;
      return again;
    }

    @Override
    public void onAcknowledgement(long nowPs, int value, boolean marked) {
      if (marked) {
        return;
      }
      count += valid[head] ? 0 : 1;
      values[head] = value;
      valid[head] = true;
      filled = true;
      head = (head + 1) % values.length;
      if (freezing && nowPs > thaw) {
        freezing = false;
        explore = exploring;
      }
    }

    @Override
    public void onTimeout(long nowPs, int value) {
      if (!freezing && explore == 0) {
        freezing = true;
        thaw = nowPs + freezingPs;
      }
    }
  }
}
