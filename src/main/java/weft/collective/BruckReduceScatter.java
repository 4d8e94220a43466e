package weft.collective;

import weft.units.DataSize;

/** See {@link ReduceScatter#bruck()}. */
record BruckReduceScatter() implements ReduceScatter {
  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    new Bruck(builder).reduceScatter(0);
    return builder.build();
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    double share = (double) size.bytes() * (ranks - 1) / ranks;
    return new Cost(Bruck.rounds(ranks), share, share);
  }

  @Override
  public String toString() {
    return "Bruck ReduceScatter";
  }
}
