package weft.collective;

import weft.units.Check;
import weft.units.DataSize;

/**
 * Send and receive between ranks: every rank sends its array to the rank {@code by} after it, round
 * the ring of ranks, and has the array of the one before it afterwards.
 *
 * @param by not 0 modulo the number of ranks
 */
public record SendReceive(int by) implements Collective {
  /** To the next rank, as {@code sendrecv_perf} of nccl-tests does. */
  public static SendReceive ring() {
    return new SendReceive(1);
  }

  /** To the rank this far after. */
  public static SendReceive shift(int by) {
    return new SendReceive(by);
  }

  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    int distance = Math.floorMod(by, Check.atLeast(1, "the number of ranks", ranks, "give 2"));
    if (distance == 0 && ranks > 1) {
      throw new IllegalArgumentException(
          "a shift by %d has each of %d ranks send to itself: shift by another number"
              .formatted(by, ranks));
    }
    for (int rank = 0; rank < ranks && ranks > 1; rank++) {
      builder.copy(0, rank, (rank + distance) % ranks, 0, elements);
    }
    return builder.build();
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    return ranks == 1 ? Cost.NONE : new Cost(1, size.bytes(), 0);
  }

  /** 1. */
  @Override
  public double busBandwidthFactor(int ranks) {
    return 1;
  }

  @Override
  public Effect effect() {
    return Effect.shifted(by);
  }

  @Override
  public String toString() {
    return "send to rank + " + by;
  }
}
