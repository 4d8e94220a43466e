package weft.collective;

import java.util.Optional;
import java.util.stream.IntStream;
import weft.units.DataSize;

/** See {@link ReduceScatter#ring()}. */
record RingReduceScatter() implements ReduceScatter {
  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    ScheduleBuilder.checkSize(toString(), (ranks - 1L) * Math.min(ranks, elements));
    new Rings(builder, IntStream.range(0, ranks).toArray(), 0, elements).reduceScatter(0, -1);
    return builder.build();
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    double share = (double) size.bytes() * (ranks - 1) / ranks;
    return new Cost(ranks - 1, share, share);
  }

  @Override
  public Optional<Rounds> rounds(int ranks, int elements) {
    return Rounds.ring(ranks, elements, 1);
  }

  @Override
  public String toString() {
    return "ring ReduceScatter";
  }
}
