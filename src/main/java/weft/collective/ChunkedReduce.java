package weft.collective;

import weft.units.DataSize;

/** See {@link Reduce#chunked(DataSize)}. */
record ChunkedReduce(Reduce inner, DataSize chunk) implements Reduce {
  ChunkedReduce {
    Pipelines.checkChunk(chunk);
  }

  @Override
  public Reduce to(int root) {
    return new ChunkedReduce(inner.to(root), chunk);
  }

  @Override
  public Schedule schedule(int ranks, int elements) {
    return Pipelines.chunks(toString(), inner, ranks, elements, Pipelines.checkChunk(chunk));
  }

  @Override
  public Effect effect() {
    return inner.effect();
  }

  @Override
  public String toString() {
    return inner + " in chunks of " + chunk;
  }
}
