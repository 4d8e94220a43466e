package weft.experiment;

/**
 * When a ring is through whose messages take the same time in every round, because they do not hold
 * each other up. A rank sends its message of a round when it has sent that of the round before and
 * has received that of its neighbour: the end of message r in round s is {@code service[r] +
 * max(end(s-1, r), end(s-1, r-1) + latency[r-1])}.
 */
final class RingRecurrence {
  private RingRecurrence() {}

  /**
   * When the last message has arrived, ps.
   *
   * @param service how long each rank takes to send a message, ps
   * @param latency from the last bit sent until the next rank has it, ps
   * @param rounds at least 1
   */
  static long completion(long[] service, long[] latency, int rounds) {
    return waitsForNeighbour(service, latency)
        ? longestWay(service, latency, rounds)
        : iterated(service, latency, rounds);
  }

  /** Whether what a rank waits for is always the neighbour's message, never its own sending. */
  private static boolean waitsForNeighbour(long[] service, long[] latency) {
    long most = 0;
    for (long each : service) {
      most = Math.max(most, each);
    }
    for (int r = 0; r < service.length; r++) {
      if (service[r] + latency[r] < most) {
        return false;
      }
    }
    return true;
  }

  /** Each part goes round without waiting; the last is that whose way is longest. */
  private static long longestWay(long[] service, long[] latency, int rounds) {
    int ranks = service.length;
    long circle = 0;
    for (int r = 0; r < ranks; r++) {
      circle += service[r] + latency[r];
    }
    long rest = 0;
    for (int r = 0; r < rounds % ranks; r++) {
      rest += service[r] + latency[r];
    }
    long most = 0;
    for (int first = 0; first < ranks; first++) {
      most = Math.max(most, rest);
      int behind = (first + rounds % ranks) % ranks;
      rest += service[behind] + latency[behind] - service[first] - latency[first];
    }
    return rounds / ranks * circle + most;
  }

  /** Round by round, until all ranks end each the same time later. */
  static long iterated(long[] service, long[] latency, int rounds) {
    int ranks = service.length;
    long[] end = service.clone();
    long more = 0; // of rounds left out
    for (int s = 1; s < rounds; s++) {
      long before = end[ranks - 1] + latency[ranks - 1];
      long least = Long.MAX_VALUE;
      long most = 0;
      for (int r = 0; r < ranks; r++) {
        long old = end[r];
        end[r] = service[r] + Math.max(old, before);
        before = old + latency[r];
        least = Math.min(least, end[r] - old);
        most = Math.max(most, end[r] - old);
      }
      if (least == most) {
        more = (rounds - 1L - s) * most;
        break;
      }
    }
    long last = 0;
    for (int r = 0; r < ranks; r++) {
      last = Math.max(last, end[r] + latency[r]);
    }
    return last + more;
  }
}
