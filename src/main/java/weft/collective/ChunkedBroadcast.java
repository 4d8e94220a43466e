package weft.collective;

import weft.units.DataSize;

/** See {@link Broadcast#chunked(DataSize)}. */
record ChunkedBroadcast(Broadcast inner, DataSize chunk) implements Broadcast {
  ChunkedBroadcast {
    Pipelines.checkChunk(chunk);
  }

  @Override
  public Broadcast from(int root) {
    return new ChunkedBroadcast(inner.from(root), chunk);
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
