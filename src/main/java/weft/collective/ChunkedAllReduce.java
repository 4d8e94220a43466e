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

  @Override
  public String toString() {
    return inner + " in chunks of " + chunk;
  }
}
