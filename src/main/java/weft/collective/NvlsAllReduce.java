package weft.collective;

import weft.units.DataSize;

/** See {@link AllReduce#nvls()}. */
record NvlsAllReduce() implements AllReduce {

  /** The switch reads and adds part r of all GPUs for rank r, which writes it to all. */
  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements).helpers(1);
    var parts = new Cut(0, elements, ranks);
    for (int rank = 0; rank < ranks && ranks > 1; rank++) {
      builder.reduce(0, rank, ranks, 0, elements);
      if (parts.count(rank, rank + 1) > 0) {
        builder.copy(1, ranks, rank, parts.bound(rank), parts.count(rank, rank + 1));
        builder.copy(2, rank, ranks, parts.bound(rank), parts.count(rank, rank + 1));
      }
      builder.copy(3, ranks, rank, 0, elements);
    }
    return builder.build();
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    double n = size.bytes();
    return ranks == 1 ? Cost.NONE : new Cost(4, 2 * n + 2 * n / ranks, 0);
  }

  @Override
  public String toString() {
    return "NVLS AllReduce";
  }
}
