package weft.collective;

import java.util.Optional;
import java.util.stream.IntStream;
import weft.units.DataSize;

/** See {@link AllReduce#ring()}. */
record RingAllReduce() implements AllReduce {

  /**
   * Rank r starts with part r. In step s it passes on the part that reached it in step s - 1, so a
   * part waits for nothing but its own arrival. Parts of arrays shorter than the ring are empty and
   * not sent.
   */
  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    ScheduleBuilder.checkSize(toString(), 2 * (ranks - 1L) * Math.min(ranks, elements));
    var ring = new Rings(builder, IntStream.range(0, ranks).toArray(), 0, elements);
    ring.allGather(ring.reduceScatter(0, 0), 1);
    return builder.build();
  }

  /** Of equal parts, which are a fraction of an element wherever ranks do not divide the array. */
  @Override
  public Cost cost(int ranks, DataSize size) {
    double passed = (double) size.bytes() * (ranks - 1) / ranks;
    return new Cost(2.0 * (ranks - 1), 2 * passed, passed);
  }

  @Override
  public Optional<Rounds> rounds(int ranks, int elements) {
    return Rounds.ring(ranks, elements, 2);
  }

  @Override
  public String toString() {
    return "ring AllReduce";
  }
}
