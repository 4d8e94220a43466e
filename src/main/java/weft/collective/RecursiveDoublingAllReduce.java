package weft.collective;

import weft.units.DataSize;

/** See {@link AllReduce#recursiveDoubling()}. */
record RecursiveDoublingAllReduce() implements AllReduce {
  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    var folding = Folding.of(ranks);
    var whole = new Cut(0, elements, 1);
    folding.fold(builder, 0, true, whole);
    int step = folding.folds();
    for (int mask = 1; mask < folding.power(); mask *= 2) {
      for (int v = 0; v < folding.power(); v++) {
        builder.reduce(step, folding.real(v), folding.real(v ^ mask), 0, elements);
      }
      step++;
    }
    folding.unfold(builder, step, whole);
    return builder.build();
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    var folding = Folding.of(ranks);
    int exchanges = folding.rounds() + folding.folds();
    double n = size.bytes();
    return new Cost(exchanges + folding.folds(), (exchanges + folding.folds()) * n, exchanges * n);
  }

  @Override
  public String toString() {
    return "recursive doubling AllReduce";
  }
}
