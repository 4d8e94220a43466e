package weft.collective;

import weft.units.DataSize;

/** See {@link AllReduce#rails(int)}. */
record RailAllReduce(AllReduce inner, int gpus) implements AllReduce {
  RailAllReduce {
    Servers.check(gpus);
  }

  @Override
  public Schedule schedule(int ranks, int elements) {
    Servers.of(toString(), ranks, gpus);
    return Pipelines.channels(toString(), inner, ranks, elements, gpus, this::rank);
  }

  /**
   * Channel c begins in servers of even number with GPU c, goes up and ends with GPU c - 1; in the
   * others it goes the other way: whoever leaves a server reaches a GPU of the same number.
   */
  private int rank(int channel, int rank) {
    int server = rank / gpus;
    int place = rank % gpus;
    int gpu = server % 2 == 0 ? channel + place : channel - 1 - place;
    return server * gpus + Math.floorMod(gpu, gpus);
  }

  /**
   * Channels share the ports. In a ring all ranks do alike; of a tree each has another place in
   * each channel, so that its inner ranks' load is shared: counted.
   */
  @Override
  public Cost cost(int ranks, DataSize size) {
    return inner.rounds(ranks, of(size).elements()).isPresent()
        ? inner.cost(ranks, size)
        : AllReduce.super.cost(ranks, size);
  }

  @Override
  public String toString() {
    return inner + " on " + gpus + " rails";
  }
}
