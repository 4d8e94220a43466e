package weft.collective;

import java.util.Arrays;

/** See {@link AllReduce#ring()}. */
record RingAllReduce() implements AllReduce {

  /**
   * Rank r starts with chunk r. In step s it passes on the chunk that reached it in step s - 1, so
   * a chunk waits for nothing but its own arrival. Chunks of arrays shorter than the ring are empty
   * and not sent.
   */
  @Override
  public Schedule schedule(int ranks, int elements) {
    var builder = new ScheduleBuilder("ring AllReduce", ranks, elements);
    ScheduleBuilder.checkSize("ring AllReduce", 2 * (ranks - 1L) * Math.min(ranks, elements));
    int[] arrival = new int[ranks]; // by chunk: the transfer that carried it last
    Arrays.fill(arrival, ScheduleBuilder.NOTHING);
    for (int step = 0; step < 2 * (ranks - 1); step++) {
      for (int rank = 0; rank < ranks; rank++) {
        int chunk = Math.floorMod(rank - step, ranks);
        int first = bound(chunk, ranks, elements);
        int count = bound(chunk + 1, ranks, elements) - first;
        if (count == 0) {
          continue;
        }
        int next = (rank + 1) % ranks;
        arrival[chunk] =
            step < ranks - 1
                ? builder.reduce(step, rank, next, first, count, arrival[chunk])
                : builder.copy(step, rank, next, first, count, arrival[chunk]);
      }
    }
    return builder.build();
  }

  private static int bound(int chunk, int ranks, int elements) {
    return (int) ((long) chunk * elements / ranks);
  }

  @Override
  public String toString() {
    return "ring AllReduce";
  }
}
