package weft.cluster;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.RandomDataGenerator;
import weft.sim.RandomStreams;
import weft.units.Check;

/** Which GPU each rank of a job runs on. A reader may write one as a lambda. */
@FunctionalInterface
public interface Placement {
  /**
   * The GPU of each rank.
   *
   * @param ranks how many ranks the job has
   * @param gpus how many GPUs the fabric has, numbered from 0, server by server
   * @return {@code ranks} different GPUs
   */
  int[] gpus(int ranks, int gpus);

  /** Rank r on GPU r: neighbours in the ring share a server where they can. */
  static Placement packed() {
    Placement packed = (ranks, gpus) -> IntStream.range(0, ranks).toArray();
    return packed.named("packed");
  }

  /** Ranks on GPUs drawn at random without repetition, as a busy scheduler leaves them. */
  static Placement scattered(long seed) {
    Placement scattered =
        (ranks, gpus) ->
            new RandomDataGenerator(new RandomStreams(seed).named("placement"))
                .nextPermutation(gpus, ranks);
    return scattered.named("scattered, seed " + seed);
  }

  /**
   * Rail by rail: first the first GPU of every server, then, from the last server back, the second,
   * and so on. Where server by server every GPU has a rail of its own, neighbours in a ring are
   * then in one server or on one rail, and no hop crosses from rail to rail; with an even number of
   * GPUs a server, nor does the one that closes the ring.
   *
   * @param gpusPerServer how many GPUs each server has, at least 1
   */
  static Placement railAligned(int gpusPerServer) {
    Check.atLeast(1, "GPUs a server", gpusPerServer, "a DGX H100 has 8");
    Placement aligned = (ranks, gpus) -> RailOrder.gpus(ranks, gpus, gpusPerServer);
    return aligned.named("rail-aligned");
  }

  /** The GPUs given, rank by rank. */
  static Placement on(int... gpu) {
    int[] given = Check.notNull("the GPUs placed on", gpu, "write Placement.on(0, 1, 2)").clone();
    Placement on = (ranks, gpus) -> given.clone();
    return on.named("on GPUs " + Arrays.toString(given));
  }

  /** This placement, called so in tables and charts. */
  default Placement named(String name) {
    return new NamedPlacement(Check.notNull("a name", name, "write named(\"one a rack\")"), this);
  }

  /**
   * {@link #gpus} with its answer checked.
   *
   * @throws IllegalArgumentException if there are fewer GPUs than ranks, or the answer has the
   *     wrong length, a GPU that does not exist, or one GPU twice
   */
  default int[] place(int ranks, int gpus) {
    Check.atLeast(1, "the number of ranks placed", ranks, "give 2 or more for a collective");
    if (ranks > gpus) {
      throw new IllegalArgumentException(
          "%d ranks need %d GPUs, but the fabric has %d: add servers or lower the rank count"
              .formatted(ranks, ranks, gpus));
    }
    int[] placed =
        Check.notNull(
            "a placement's answer", gpus(ranks, gpus), "return the GPU of each rank as an int[]");
    if (placed.length != ranks) {
      throw new IllegalArgumentException(
          "a placement names one GPU a rank, but named %d for %d ranks: name as many as there are ranks"
              .formatted(placed.length, ranks));
    }
    int[] sorted = placed.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < ranks; i++) {
      if (sorted[i] < 0 || sorted[i] >= gpus) {
        throw new IllegalArgumentException(
            "GPU %d does not exist: the fabric's GPUs are 0 to %d, place ranks on those"
                .formatted(sorted[i], gpus - 1));
      }
      if (i > 0 && sorted[i] == sorted[i - 1]) {
        throw new IllegalArgumentException(
            "GPU %d was given to two ranks: each rank needs its own".formatted(sorted[i]));
      }
    }
    return placed;
  }
}
