package weft.collective;

import weft.units.Check;

/** See {@link AllReduce#custom(String, Algorithm)}. */
record CustomAllReduce(String name, Algorithm algorithm) implements AllReduce {
  CustomAllReduce {
    Check.notNull("an AllReduce's name", name, "write for example \"star AllReduce\"");
    Check.notNull("an algorithm", algorithm, "write b -> { b.reduce(...); b.copy(...); }");
  }

  @Override
  public Schedule schedule(int ranks, int elements) {
    return algorithm.schedule(name, ranks, elements);
  }

  @Override
  public String toString() {
    return name;
  }
}
