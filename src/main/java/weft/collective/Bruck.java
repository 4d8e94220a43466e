package weft.collective;

/**
 * Bruck et al.'s all-gather (IEEE TPDS 1997) and, the same backwards, a reduce-scatter: ceil(log2
 * N) rounds on any number of ranks. Before round k rank r has parts r to r + 2^k - 1, and sends
 * them, or as many as are missing, to rank r - 2^k.
 */
final class Bruck {
  private final ScheduleBuilder builder;
  private final int ranks;
  private final Cut parts;

  Bruck(ScheduleBuilder builder) {
    this.builder = builder;
    this.ranks = builder.ranks();
    this.parts = new Cut(0, builder.elements(), ranks);
  }

  /** ceil(log2 N). */
  static int rounds(int ranks) {
    return 32 - Integer.numberOfLeadingZeros(ranks - 1);
  }

  void allGather(int step) {
    for (int k = 0; k < rounds(ranks); k++) {
      for (int r = 0; r < ranks; r++) {
        send(step + k, r, Math.floorMod(r - (1 << k), ranks), r, 1 << k, false);
      }
    }
  }

  void reduceScatter(int step) {
    for (int k = rounds(ranks) - 1; k >= 0; k--) {
      for (int r = 0; r < ranks; r++) {
        int source = Math.floorMod(r - (1 << k), ranks);
        send(step + rounds(ranks) - 1 - k, source, r, r, 1 << k, true);
      }
    }
  }

  /** Parts {@code first} on, round the ring of parts: one or two sections. */
  private void send(int step, int from, int to, int first, int had, boolean reduce) {
    int some = Math.min(had, ranks - had);
    int end = Math.min(ranks, first + some);
    int count = parts.count(first, end);
    int more = parts.count(0, first + some - end);
    if (count == 0 && more == 0) {
      return;
    }
    int at = count > 0 ? parts.bound(first) : 0;
    int length = count > 0 ? count : more;
    if (reduce) {
      builder.reduce(step, from, to, at, length);
    } else {
      builder.copy(step, from, to, at, length);
    }
    if (count > 0 && more > 0) {
      builder.also(0, 0, more);
    }
  }
}
