package weft.collective;

import weft.units.DataSize;

/** See {@link AllReduce#chunked(DataSize)}. */
record ChunkedAllReduce(AllReduce inner, DataSize chunk) implements AllReduce {
  ChunkedAllReduce {
    Pipelines.checkChunk(chunk);
  }

  @Override
  public Schedule schedule(int ranks, int elements) {
    return Pipelines.chunks(toString(), inner, ranks, elements, Pipelines.checkChunk(chunk));
  }

  /**
   * From as many chunks on as the algorithm has steps, each further chunk adds one round of a full
   * pipeline; two short trains tell what that costs.
   */
  @Override
  public Cost cost(int ranks, DataSize size) {
    if (ranks == 1) {
      return Cost.NONE;
    }
    int elements = of(size).elements();
    int most = Pipelines.checkChunk(chunk);
    int chunks = (int) ((elements + (long) most - 1) / most);
    int part = Math.max(1, elements / chunks);
    int steps = inner.schedule(ranks, part).steps();
    if (chunks <= steps + 1) {
      return Cost.of(plan(ranks, elements));
    }
    Cost before = train(ranks, steps, part);
    Cost full = train(ranks, steps + 1, part);
    double more = chunks - steps - 1.0;
    double rest = (double) elements / ((long) chunks * part); // some are an element longer
    return new Cost(
        full.rounds() + more,
        rest * (full.bytes() + more * (full.bytes() - before.bytes())),
        rest * (full.reduced() + more * (full.reduced() - before.reduced())));
  }

  private Cost train(int ranks, int chunks, int elements) {
    return Cost.of(Pipelines.chunks(toString(), inner, ranks, chunks * elements, elements));
  }

  @Override
  public String toString() {
    return inner + " in chunks of " + chunk;
  }
}
