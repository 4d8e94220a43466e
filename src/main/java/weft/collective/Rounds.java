package weft.collective;

import java.util.Optional;

/**
 * A collective whose steps are all alike: in each of so many rounds every rank sends as much to the
 * same neighbour, and passes on in the next round what reached it in this one. A schedule of a ring
 * of N ranks lists 2N(N - 1) transfers; this says the same in three numbers.
 *
 * @param ranks at least 2
 * @param count of rounds
 * @param elements that a rank sends in a round: the most, where parts differ by one element
 */
public record Rounds(int ranks, int count, int elements) {
  /** Those of a ring that so often passes a part on; none for arrays with fewer elements. */
  static Optional<Rounds> ring(int ranks, int elements, int passes) {
    return ranks < 2 || elements < ranks
        ? Optional.empty()
        : Optional.of(
            new Rounds(ranks, passes * (ranks - 1), (int) ((elements + ranks - 1L) / ranks)));
  }

  /** To whom a rank sends. */
  public int to(int rank) {
    return (rank + 1) % ranks;
  }

  /** Transfers of all rounds. */
  public long transfers() {
    return (long) count * ranks;
  }
}
