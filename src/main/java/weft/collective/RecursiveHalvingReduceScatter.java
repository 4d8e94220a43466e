package weft.collective;

import weft.units.DataSize;

/** See {@link ReduceScatter#recursiveHalving()}. */
record RecursiveHalvingReduceScatter() implements ReduceScatter {
  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    var folding = Folding.of(ranks);
    var parts = new Cut(0, elements, ranks);
    folding.fold(builder, 0, true, parts);
    int step = folding.folds();
    for (int mask = folding.power() / 2; mask > 0; mask /= 2) {
      for (int v = 0; v < folding.power(); v++) {
        int low = (v ^ mask) & -mask; // the partner's half
        int first = folding.part(low);
        int count = parts.count(first, folding.part(low + mask));
        if (count > 0) {
          builder.reduce(step, folding.real(v), folding.real(v ^ mask), parts.bound(first), count);
        }
      }
      step++;
    }
    for (int v = 0; v < folding.extra(); v++) {
      int count = parts.count(2 * v, 2 * v + 1);
      if (count > 0) {
        builder.copy(step, 2 * v + 1, 2 * v, parts.bound(2 * v), count);
      }
    }
    return builder.build();
  }

  /** As {@link RecursiveDoublingAllGather#cost}, the other way round. */
  @Override
  public Cost cost(int ranks, DataSize size) {
    Cost back = new RecursiveDoublingAllGather().cost(ranks, size);
    double last = Folding.of(ranks).folds() * (double) size.bytes() / ranks;
    return new Cost(back.rounds(), back.bytes(), back.bytes() - last);
  }

  @Override
  public String toString() {
    return "recursive halving ReduceScatter";
  }
}
