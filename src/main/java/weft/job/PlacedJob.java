package weft.job;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import weft.fabric.Fabric;
import weft.fabric.Node;
import weft.parallel.AxisTraffic;
import weft.parallel.AxisTraffic.Operation;

/**
 * A training job on GPUs of a fabric: who sends what to whom along each axis. Within a group, ranks
 * of one server are neighbours, as NCCL orders its rings; where each server has the same number of
 * them, each of these rides a ring, or an AllToAll, of its own between servers.
 */
final class PlacedJob {
  private final String name;
  private final TrainingJob job;
  private final String placement;
  private final int[] gpuOfRank;
  private final int[] serverOfRank;

  PlacedJob(String name, TrainingJob job, String placement, int[] gpuOfRank, Fabric fabric) {
    this.name = name;
    this.job = job;
    this.placement = placement;
    this.gpuOfRank = gpuOfRank;
    serverOfRank = new int[gpuOfRank.length];
    for (int r = 0; r < serverOfRank.length; r++) {
      int server = fabric.nodes().get(fabric.node(gpuOfRank[r])).server();
      serverOfRank[r] = server == Node.NO_SERVER ? -1 - gpuOfRank[r] : server;
    }
  }

  String name() {
    return name;
  }

  TrainingJob job() {
    return job;
  }

  String placement() {
    return placement;
  }

  int gpus() {
    return gpuOfRank.length;
  }

  int firstGpu() {
    return gpuOfRank[0];
  }

  /** The ranks of a group, those of one server next to each other unless it is a pipeline. */
  private int[] group(AxisTraffic row, int number) {
    int stride = Locality.distance(job.plan(), row);
    int first = number / stride * stride * row.ranks() + number % stride;
    IntStream ranks = IntStream.range(0, row.ranks()).map(k -> first + k * stride);
    return row.operation() == Operation.SEND
        ? ranks.toArray()
        : ranks
            .boxed()
            .sorted(Comparator.comparingInt(r -> serverOfRank[r]))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  private int groups(AxisTraffic row) {
    return gpuOfRank.length / row.ranks();
  }

  /**
   * How many ranks of each group share a server if that is the same for all, otherwise 1; of a
   * pipeline all or 1.
   */
  int inside(AxisTraffic row) {
    int all = 0;
    for (int g = 0; g < groups(row); g++) {
      int here = even(group(row, g));
      if (here == 1 || (all != 0 && here != all)) {
        return 1;
      }
      all = here;
    }
    return row.operation() == Operation.SEND && all < row.ranks() ? 1 : all;
  }

  private int even(int[] group) {
    int start = 0;
    int all = 0;
    for (int k = 1; k <= group.length; k++) {
      if (k == group.length || serverOfRank[group[k]] != serverOfRank[group[start]]) {
        if (all != 0 && k - start != all) {
          return 1;
        }
        all = k - start;
        start = k;
      }
    }
    return all;
  }

  /** What a step sends between servers for this exchange. */
  void addTo(PairBytes pairs, AxisTraffic row) {
    int inside = inside(row);
    for (int g = 0; g < groups(row); g++) {
      int[] group = group(row, g);
      switch (row.operation()) {
        case SEND -> addStages(pairs, row, group);
        case ALL_TO_ALL -> addAllToAll(pairs, row, group, inside);
        default -> addRings(pairs, row, group, inside);
      }
    }
  }

  private void add(PairBytes pairs, int from, int to, double bytes) {
    if (serverOfRank[from] != serverOfRank[to] && bytes > 0) {
      pairs.add(gpuOfRank[from], gpuOfRank[to], bytes);
    }
  }

  /** Forward to the next stage and back; chunks lead from the last stage to the first again. */
  private void addStages(PairBytes pairs, AxisTraffic row, int[] stages) {
    double bytes = row.calls() / 2 * row.payload();
    int chunks = job.plan().schedule().chunks();
    for (int s = 0; s < stages.length; s++) {
      int next = stages[(s + 1) % stages.length];
      double share = s + 1 < stages.length ? 1 : (chunks - 1.0) / chunks;
      add(pairs, stages[s], next, share * bytes);
      add(pairs, next, stages[s], share * bytes);
    }
  }

  private void addAllToAll(PairBytes pairs, AxisTraffic row, int[] group, int inside) {
    double bytes = row.calls() * row.payload() * inside / row.ranks();
    for (int k = 0; k < group.length; k++) {
      for (int other = k % inside; other < group.length; other += inside) {
        add(pairs, group[k], group[other], bytes);
      }
    }
  }

  private void addRings(PairBytes pairs, AxisTraffic row, int[] group, int inside) {
    int servers = group.length / inside;
    double share = (servers - 1.0) / servers / inside;
    double bytes = row.calls() * row.operation().passes() * share * row.payload();
    for (int k = 0; k < group.length; k++) {
      add(pairs, group[k], group[(k + inside) % group.length], bytes);
    }
  }

  @Override
  public String toString() {
    return "%s %s on GPUs %s".formatted(name, job, Arrays.toString(gpuOfRank));
  }
}
