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

  /** Channels share the ports. */
  @Override
  public Cost cost(int ranks, DataSize size) {
    return inner.cost(ranks, size);
  }

  @Override
  public String toString() {
    return inner + " on " + channels + " channels";
  }
}
