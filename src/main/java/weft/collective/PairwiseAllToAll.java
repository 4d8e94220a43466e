package weft.collective;

import weft.units.DataSize;

/** See {@link AllToAll#pairwise()}. */
record PairwiseAllToAll() implements AllToAll {

  /** Blocks arrive in scratch memory, since what they replace may not have left yet. */
  @Override
  public Schedule schedule(int ranks, int elements) {
    int block = AllToAll.block(toString(), ranks, elements);
    ScheduleBuilder.checkSize(toString(), ranks * (ranks - 1L));
    var builder = new ScheduleBuilder(toString(), ranks, elements).scratch(block * ranks);
    int[] before = new int[ranks]; // by rank: what reached it last
    for (int i = 1; i < ranks; i++) {
      int[] now = new int[ranks];
      for (int from = 0; from < ranks; from++) {
        int to = (from + i) % ranks;
        int[] after = i == 1 ? new int[0] : new int[] {before[from]};
        now[to] = builder.place(i - 1, from, to, to * block, elements + from * block, block, after);
        builder.arrange(to, elements + from * block, from * block, block);
      }
      before = now;
    }
    return builder.build();
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    return new Cost(ranks - 1, (double) size.bytes() * (ranks - 1) / ranks, 0);
  }

  @Override
  public String toString() {
    return "pairwise AllToAll";
  }
}
