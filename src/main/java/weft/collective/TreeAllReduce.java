package weft.collective;

import weft.units.DataSize;

/** See {@link AllReduce#tree()}. */
record TreeAllReduce() implements AllReduce {
  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    new BinaryTree(ranks).allReduce(builder, v -> v, 0, elements);
    return builder.build();
  }

  /**
   * On each of the h = ceil(log2 N) levels a parent has two children, but for the root's, and the
   * one below it where N is 2^(h-1) + 1: so many arrays enter, and leave again.
   */
  @Override
  public Cost cost(int ranks, DataSize size) {
    if (ranks == 1) {
      return Cost.NONE;
    }
    int height = Bruck.rounds(ranks);
    boolean single = height > 1 && ranks == (1 << (height - 1)) + 1;
    double arrays = (double) size.bytes() * (2 * height - 1 - (single ? 1 : 0));
    return new Cost(2 * height, 2 * arrays, arrays);
  }

  @Override
  public String toString() {
    return "tree AllReduce";
  }
}
