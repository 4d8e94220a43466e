package weft.collective;

import weft.units.DataSize;

/** See {@link ReduceScatter#direct()}. */
record DirectReduceScatter() implements ReduceScatter {
  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    ScheduleBuilder.checkSize(toString(), (ranks - 1L) * Math.min(ranks, elements));
    var parts = new Cut(0, elements, ranks);
    for (int from = 0; from < ranks; from++) {
      for (int hop = 1; hop < ranks; hop++) {
        int to = (from + hop) % ranks;
        if (parts.count(to, to + 1) > 0) {
          builder.reduce(0, from, to, parts.bound(to), parts.count(to, to + 1));
        }
      }
    }
    return builder.build();
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    double share = (double) size.bytes() * (ranks - 1) / ranks;
    return new Cost(Math.min(1, ranks - 1), share, share);
  }

  @Override
  public String toString() {
    return "direct ReduceScatter";
  }
}
