package weft.collective;

import weft.units.DataSize;

/** See {@link AllToAll#bruck()}. */
record BruckAllToAll() implements AllToAll {

  /**
   * The block for the rank at distance i travels the set bits of i, and stands at place {@code r +
   * i} of every rank r it comes to; at last it is moved to the place of its origin, {@code r - i}.
   */
  @Override
  public Schedule schedule(int ranks, int elements) {
    int block = AllToAll.block(toString(), ranks, elements);
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    for (int k = 0; k < Bruck.rounds(ranks); k++) {
      for (int from = 0; from < ranks; from++) {
        int to = (from + (1 << k)) % ranks;
        for (int i = 1 << k; i < ranks; i++) {
          int first = (from + i) % ranks * block;
          int at = (to + i) % ranks * block;
          if (i == 1 << k) {
            builder.place(k, from, to, first, at, block);
          } else if ((i & 1 << k) != 0) {
            builder.also(first, at, block);
          }
        }
      }
    }
    for (int rank = 0; rank < ranks; rank++) {
      for (int i = 1; i < ranks; i++) {
        int at = Math.floorMod(rank - i, ranks);
        builder.arrange(rank, (rank + i) % ranks * block, at * block, block);
      }
    }
    return builder.build();
  }

  /** As many blocks in round k as numbers below N have bit k. */
  @Override
  public Cost cost(int ranks, DataSize size) {
    double blocks = 0;
    for (int i = 1; i < ranks; i++) {
      blocks += Integer.bitCount(i);
    }
    return new Cost(Bruck.rounds(ranks), blocks * size.bytes() / ranks, 0);
  }

  @Override
  public String toString() {
    return "Bruck AllToAll";
  }
}
