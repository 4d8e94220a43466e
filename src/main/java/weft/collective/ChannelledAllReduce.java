package weft.collective;

import weft.units.Check;
import weft.units.DataSize;

/** See {@link AllReduce#channels(int)}. */
record ChannelledAllReduce(AllReduce inner, int channels) implements AllReduce {
  ChannelledAllReduce {
    Check.atLeast(1, "the number of channels", channels, "give 1 or more");
  }

  @Override
  public Schedule schedule(int ranks, int elements) {
    return Pipelines.channels(
        toString(), inner, ranks, elements, channels, (channel, rank) -> rank);
  }

  /** Each channel takes its rounds at the same time as the others, and all share the ports. */
  @Override
  public Cost cost(int ranks, DataSize size) {
    int used = Math.min(channels, of(size).elements());
    long part = size.bytes() / used;
    Cost each = inner.cost(ranks, new DataSize(part));
    double all = (double) size.bytes() / part;
    return new Cost(each.rounds(), all * each.bytes(), all * each.reduced());
  }

  @Override
  public String toString() {
    return inner + " on " + channels + " channels";
  }
}
