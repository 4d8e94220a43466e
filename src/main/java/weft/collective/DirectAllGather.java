package weft.collective;

import weft.units.DataSize;

/** See {@link AllGather#direct()}. */
record DirectAllGather() implements AllGather {
  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    ScheduleBuilder.checkSize(toString(), (ranks - 1L) * Math.min(ranks, elements));
    var parts = new Cut(0, elements, ranks);
    for (int from = 0; from < ranks; from++) {
      for (int hop = 1; hop < ranks && parts.count(from, from + 1) > 0; hop++) {
        int to = (from + hop) % ranks;
        builder.copy(0, from, to, parts.bound(from), parts.count(from, from + 1));
      }
    }
    return builder.build();
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    double share = (double) size.bytes() * (ranks - 1) / ranks;
    return new Cost(Math.min(1, ranks - 1), share, 0);
  }

  @Override
  public String toString() {
    return "direct AllGather";
  }
}
