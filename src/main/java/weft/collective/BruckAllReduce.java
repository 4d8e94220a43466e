package weft.collective;

import weft.units.DataSize;

/** See {@link AllReduce#bruck()}. */
record BruckAllReduce() implements AllReduce {
  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    var bruck = new Bruck(builder);
    bruck.reduceScatter(0);
    bruck.allGather(Bruck.rounds(ranks));
    return builder.build();
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    double share = (double) size.bytes() * (ranks - 1) / ranks;
    return new Cost(2 * Bruck.rounds(ranks), 2 * share, share);
  }

  @Override
  public String toString() {
    return "Bruck AllReduce";
  }
}
