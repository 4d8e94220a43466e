package weft.collective;

import weft.units.DataSize;

/** See {@link Barrier#dissemination()}. */
record DisseminationBarrier() implements Barrier {

  /** Adding, not replacing, has a transfer wait for all that came before. */
  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder(toString(), ranks, elements);
    for (int k = 0; k < Bruck.rounds(ranks); k++) {
      for (int rank = 0; rank < ranks; rank++) {
        builder.reduce(k, rank, (rank + (1 << k)) % ranks, 0, 1);
      }
    }
    return builder.build();
  }

  @Override
  public Cost cost(int ranks, DataSize size) {
    int rounds = Bruck.rounds(ranks);
    double bytes = (double) rounds * SizedCollective.BYTES_PER_ELEMENT;
    return new Cost(rounds, bytes, bytes);
  }

  @Override
  public String toString() {
    return "dissemination Barrier";
  }
}
