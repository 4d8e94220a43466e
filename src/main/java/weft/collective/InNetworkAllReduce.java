package weft.collective;

import weft.units.DataSize;

/** See {@link AllReduce#inNetwork()}. */
record InNetworkAllReduce() implements AllReduce {
  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements).helpers(1);
    for (int rank = 0; rank < ranks && ranks > 1; rank++) {
      builder.reduce(0, rank, ranks, 0, elements);
      builder.copy(1, ranks, rank, 0, elements);
    }
    return builder.build();
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    return ranks == 1 ? Cost.NONE : new Cost(2, 2.0 * size.bytes(), 0);
  }

  @Override
  public String toString() {
    return "in-network AllReduce";
  }
}
