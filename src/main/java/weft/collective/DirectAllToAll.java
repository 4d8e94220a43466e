package weft.collective;

import weft.units.DataSize;

/** See {@link AllToAll#direct()}. */
record DirectAllToAll() implements AllToAll {
  @Override
  public Schedule schedule(int ranks, int elements) {
    int block = AllToAll.block(toString(), ranks, elements);
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    ScheduleBuilder.checkSize(toString(), ranks * (ranks - 1L));
    for (int hop = 1; hop < ranks; hop++) {
      for (int from = 0; from < ranks; from++) {
        int to = (from + hop) % ranks;
        builder.place(0, from, to, to * block, from * block, block);
      }
    }
    return builder.build();
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    return new Cost(Math.min(1, ranks - 1), (double) size.bytes() * (ranks - 1) / ranks, 0);
  }

  @Override
  public String toString() {
    return "direct AllToAll";
  }
}
