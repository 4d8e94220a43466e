package weft.collective;

import weft.units.DataSize;

/** See {@link AllReduce#halvingDoubling()}. */
record HalvingDoublingAllReduce() implements AllReduce {
  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    var folding = Folding.of(ranks);
    var whole = new Cut(0, elements, 1);
    folding.fold(builder, 0, true, whole);
    int step = folding.folds();
    for (int mask = 1; mask < folding.power(); mask *= 2) {
      exchange(builder, folding, step++, mask, true);
    }
    for (int mask = folding.power() / 2; mask > 0; mask /= 2) {
      exchange(builder, folding, step++, mask, false);
    }
    folding.unfold(builder, step, whole);
    return builder.build();
  }

  /**
   * Partners differ in one bit and share a section, of which the one without the bit works on the
   * first half: in halving they hand over the other half, in doubling their own. Near ranks
   * exchange the large halves.
   */
  private static void exchange(
      ScheduleBuilder builder, Folding folding, int step, int mask, boolean halving) {
    var parts = new Cut(0, builder.elements(), folding.power());
    int half = folding.power() / mask / 2;
    for (int v = 0; v < folding.power(); v++) {
      int low = 0; // the section of v and its partner, in parts
      for (int bit = 1, width = folding.power() / 2; bit < mask; bit *= 2, width /= 2) {
        low += (v & bit) == 0 ? 0 : width;
      }
      boolean second = ((v & mask) != 0) != halving;
      int from = second ? low + half : low;
      int count = parts.count(from, from + half);
      int source = folding.real(v);
      int target = folding.real(v ^ mask);
      if (count > 0 && halving) {
        builder.reduce(step, source, target, parts.bound(from), count);
      } else if (count > 0) {
        builder.copy(step, source, target, parts.bound(from), count);
      }
    }
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    var folding = Folding.of(ranks);
    double n = size.bytes();
    double share = n * (folding.power() - 1) / folding.power();
    return new Cost(
        2 * (folding.rounds() + folding.folds()),
        2 * (share + folding.folds() * n),
        share + folding.folds() * n);
  }

  @Override
  public String toString() {
    return "halving-doubling AllReduce";
  }
}
