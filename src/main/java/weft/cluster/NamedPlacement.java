package weft.cluster;

/** See {@link Placement#named}. */
record NamedPlacement(String name, Placement inner) implements Placement {
  @Override
  public int[] gpus(int ranks, int gpus) {
    return inner.gpus(ranks, gpus);
  }

  @Override
  public Placement named(String other) {
    return new NamedPlacement(other, inner);
  }

  @Override
  public String toString() {
    return name;
  }
}
