package weft.collective;

import java.util.Optional;
import java.util.stream.IntStream;
import weft.units.DataSize;

/** See {@link AllGather#ring()}. */
record RingAllGather() implements AllGather {
  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    ScheduleBuilder.checkSize(toString(), (ranks - 1L) * Math.min(ranks, elements));
    new Rings(builder, IntStream.range(0, ranks).toArray(), 0, elements).allGather(0, 0);
    return builder.build();
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    double share = (double) size.bytes() * (ranks - 1) / ranks;
    return new Cost(ranks - 1, share, 0);
  }

  @Override
  public Optional<Rounds> rounds(int ranks, int elements) {
    return Rounds.ring(ranks, elements, 1);
  }

  @Override
  public String toString() {
    return "ring AllGather";
  }
}
