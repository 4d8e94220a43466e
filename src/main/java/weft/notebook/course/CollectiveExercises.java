package weft.notebook.course;

import java.util.Arrays;
import java.util.List;
import weft.cluster.Placement;
import weft.collective.AllReduce;
import weft.collective.Cost;
import weft.experiment.Run;
import weft.units.DataSize;
import weft.units.Units;

/** The exercises of notebook 06, Collectives. */
final class CollectiveExercises {
  private static final int RING_RANKS = 24;
  private static final double RING_BYTES = 96 * 1048576.0;
  private static final int CROSSING_RANKS = 16;
  private static final double ALPHA = 5e-6;
  private static final double BETA = 8 / 100e9;
  private static final int GATHERING = 32;
  private static final double GATHERED_GBS = 1.073741824 / 12e-3;
  private static final double BUS = 377.34; // B200, reference/collectives.csv: MEAS.B200.4GiB
  private static final int SERVERS = 4;
  private static final int GPUS = 32;
  private static final int JOB = 32;
  private static final int HOSTS = 64;
  private static final double ORDERED_US = 900;
  private static final int PARTNERS = 8;
  private static final int ELEMENTS = 64;

  private CollectiveExercises() {}

  static List<Exercise> all() {
    return List.of(bytes(), crossover(), gathered(), nicRate(), order(), rounds());
  }

  private static double ringBytes() {
    return 2 * (RING_RANKS - 1.0) / RING_RANKS * RING_BYTES;
  }

  private static Exercise bytes() {
    return Exercise.number("ring bytes", CollectiveExercises::ringBytes, 0.01)
        .mistake(
            answer -> !(answer instanceof DataSize),
            "give a size with its unit, as in check(\"ring bytes\", mib(10))")
        .mistake(
            () -> ringBytes() / 2, "that is the reduce-scatter: the sums must come round as well")
        .mistake(
            () -> 2 * RING_BYTES, "nearly: how many chunks of N does a rank send in each half?")
        .mistake(
            () -> ringBytes() / (RING_RANKS - 1) / 2,
            "that is one chunk: how many steps are there?")
        .otherwise("one chunk of 1/N in each of 2(N-1) steps");
  }

  /** Recursive doubling costs lg p (a + n b), the ring 2(p-1) a + 2(p-1)/p n b. */
  private static double crossing() {
    double lg = Math.log(CROSSING_RANKS) / Math.log(2);
    double rounds = 2 * (CROSSING_RANKS - 1) - lg;
    return ALPHA * rounds / (BETA * (lg - 2 * (CROSSING_RANKS - 1.0) / CROSSING_RANKS));
  }

  private static Exercise crossover() {
    return Exercise.number("crossover", CollectiveExercises::crossing, 0.02)
        .mistake(
            answer -> !(answer instanceof DataSize),
            "give a size with its unit, as in check(\"crossover\", kb(100))")
        .mistake(() -> crossing() / 8, "the rate is in bits a second, the size in bytes")
        .otherwise("AlphaBeta.of(ranks, latency, rate).compare(...).fastest() has it");
  }

  private static double gatheredBus() {
    return GATHERED_GBS * (GATHERING - 1) / GATHERING;
  }

  private static Exercise gathered() {
    return Exercise.number("all-gather", CollectiveExercises::gatheredBus, 0.01)
        .mistake(() -> GATHERED_GBS, "that is algbw")
        .mistake(() -> 2 * gatheredBus(), "that factor is AllReduce's")
        .mistake(
            () -> gatheredBus() / 1.073741824, "sizes are in GiB, 2^30, but bandwidths in GB, 10^9")
        .mistake(
            () -> gatheredBus() * GATHERING, "the size printed is that of the whole result already")
        .otherwise("size over time, times the factor of all_gather");
  }

  private static double nic() {
    return BUS * (SERVERS - 1) / (GPUS - 1);
  }

  private static Exercise nicRate() {
    return Exercise.number("NIC", CollectiveExercises::nic, 0.01)
        .mistake(
            () -> BUS / 8, "bus bandwidth is not shared out among NICs: it assumes a flat ring")
        .mistake(() -> BUS, "no NIC of 50 GB/s carries that")
        .mistake(() -> nic() * 8, "that is what a server sends, in GB/s or one NIC's in Gb/s")
        .otherwise("busbw x (k-1)/(n-1), with k servers and n GPUs");
  }

  private static Exercise order() {
    return Exercise.that("order", answer -> answer instanceof Run run && isOrdered(run))
        .mistake(
            answer -> !(answer instanceof Run),
            "give the run: check(\"order\", job.placed(Placement.on(...)).run())")
        .mistake(
            answer -> answer instanceof Run run && !isJob(run),
            "keep the job: a ring of 16 MiB on 32 ranks of the thin fabric")
        .mistake(
            answer -> answer instanceof Run run && !hasGivenGpus(run),
            "the scheduler gave you other GPUs: the same ones, please, in another order")
        .otherwise("a cable to a spine is crossed once for each neighbour under another leaf");
  }

  private static boolean isJob(Run run) {
    return run.provenance().facts().getOrDefault("workload", "").startsWith("ring AllReduce of 16")
        && run.flows().rowCount() == JOB * 2 * (JOB - 1);
  }

  private static boolean hasGivenGpus(Run run) {
    int[] given = Placement.scattered(7).gpus(JOB, HOSTS);
    Arrays.sort(given);
    int[] used = run.flows().intColumn("source").unique().asIntArray();
    Arrays.sort(used);
    return Arrays.equals(given, used);
  }

  private static boolean isOrdered(Run run) {
    return isJob(run) && hasGivenGpus(run) && run.completion().compareTo(Units.us(ORDERED_US)) < 0;
  }

  private static Exercise rounds() {
    return Exercise.that(
            "two rounds",
            answer -> answer instanceof AllReduce mine && isSum(mine) && isQuick(mine))
        .mistake(
            answer -> !(answer instanceof AllReduce),
            "give the algorithm: check(\"two rounds\", AllReduce.custom(\"mine\", b -> {...}))")
        .mistake(
            answer -> answer instanceof AllReduce mine && !isSum(mine),
            "not all ranks end with the sum of all: mine.verify(8, 64) says which element is wrong")
        .mistake(
            answer -> answer instanceof AllReduce mine && cost(mine).rounds() > 2,
            "the sums are right, but it takes more rounds")
        .otherwise("the sums are right, but one port carries too much: share the adding out");
  }

  private static Cost cost(AllReduce mine) {
    return Cost.of(mine.plan(PARTNERS, ELEMENTS));
  }

  private static boolean isSum(AllReduce mine) {
    try {
      AllReduce.ring().effect().check(mine.plan(PARTNERS, ELEMENTS));
      return true;
    } catch (IllegalStateException | IllegalArgumentException wrong) {
      return false; // the hint says how to see what is wrong
    }
  }

  private static boolean isQuick(AllReduce mine) {
    double most = 4.0 * ELEMENTS * 2 * (PARTNERS - 1) / PARTNERS;
    return cost(mine).rounds() <= 2 && cost(mine).bytes() <= most;
  }
}
