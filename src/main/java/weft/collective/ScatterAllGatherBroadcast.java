package weft.collective;

import java.util.stream.IntStream;
import weft.units.Check;
import weft.units.DataSize;

/** See {@link Broadcast#scatterAllGather()}. */
record ScatterAllGatherBroadcast(int root) implements Broadcast {
  ScatterAllGatherBroadcast {
    Check.atLeast(0, "the root", root, "ranks are numbered from 0");
  }

  @Override
  public Broadcast from(int other) {
    return new ScatterAllGatherBroadcast(other);
  }

  /** Whoever holds parts v to v + 2d - 1 hands the upper d on, for d = 2^k, ..., 2, 1. */
  @Override
  public Schedule schedule(int ranks, int elements) {
    Check.index("root", root, ranks);
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    var parts = new Cut(0, elements, ranks);
    int rounds = Bruck.rounds(ranks);
    for (int step = 0; step < rounds; step++) {
      int d = 1 << (rounds - 1 - step);
      for (int v = 0; v + d < ranks; v += 2 * d) {
        int count = parts.count(v + d, Math.min(ranks, v + 2 * d));
        if (count > 0) {
          int to = (v + d + root) % ranks;
          builder.copy(step, (v + root) % ranks, to, parts.bound(v + d), count);
        }
      }
    }
    int[] ring = IntStream.range(0, ranks).map(v -> (v + root) % ranks).toArray();
    new Rings(builder, ring, 0, elements).allGather(rounds, 0);
    return builder.build();
  }

  /** The root hands on all parts but its own; the busiest port of each step is a full half's. */
  @Override
  public Cost cost(int ranks, DataSize size) {
    double part = (double) size.bytes() / ranks;
    double parts = ranks - 1.0;
    int rounds = Bruck.rounds(ranks);
    for (int step = 0; step < rounds; step++) {
      int d = 1 << (rounds - 1 - step);
      parts += Math.min(d, ranks - d);
    }
    return new Cost(rounds + ranks - 1, parts * part, 0);
  }

  @Override
  public Effect effect() {
    return Effect.copyOf(root);
  }

  @Override
  public String toString() {
    return "scatter and all-gather Broadcast" + (root == 0 ? "" : " from " + root);
  }
}
