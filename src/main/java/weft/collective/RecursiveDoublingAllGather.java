package weft.collective;

import weft.units.DataSize;

/** See {@link AllGather#recursiveDoubling()}. */
record RecursiveDoublingAllGather() implements AllGather {
  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    var folding = Folding.of(ranks);
    var parts = new Cut(0, elements, ranks);
    folding.fold(builder, 0, false, parts);
    int step = folding.folds();
    for (int mask = 1; mask < folding.power(); mask *= 2) {
      for (int v = 0; v < folding.power(); v++) {
        int low = v & -mask;
        int first = folding.part(low);
        int count = parts.count(first, folding.part(low + mask));
        if (count > 0) {
          builder.copy(step, folding.real(v), folding.real(v ^ mask), parts.bound(first), count);
        }
      }
      step++;
    }
    folding.unfold(builder, step, parts);
    return builder.build();
  }

  /**
   * If N is no power of two, the ranks below 2 (N - 2^k) have two parts each: the busiest exchange
   * in each round carries as many double parts as there are.
   */
  @Override
  public Cost cost(int ranks, DataSize size) {
    var folding = Folding.of(ranks);
    double part = (double) size.bytes() / ranks;
    double parts = folding.folds() + folding.folds() * (double) ranks;
    for (int mask = 1; mask < folding.power(); mask *= 2) {
      parts += mask + Math.min(mask, folding.extra());
    }
    return new Cost(folding.rounds() + 2 * folding.folds(), parts * part, 0);
  }

  @Override
  public String toString() {
    return "recursive doubling AllGather";
  }
}
