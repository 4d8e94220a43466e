package weft.parallel;

/**
 * Which rank sends how much to which, by the numbering of {@link ParallelPlan}: rings go round in
 * the order of ranks, an AllToAll sends to each of the others alike, a stage sends activations to
 * the next and gradients to the one before, the last of a chunk to the first of the next.
 */
final class PlanFlows {
  private final ParallelPlan plan;

  PlanFlows(ParallelPlan plan) {
    this.plan = plan;
  }

  /** Hears of each pair of ranks, in any order, perhaps more than once. */
  interface Flow {
    void accept(int from, int to, double bytes);
  }

  /** All that ranks send along a row of a plan's traffic in a step. */
  void each(AxisTraffic row, Flow flow) {
    int size = row.ranks();
    int stride = stride(row);
    for (int rank = 0; rank < plan.gpus(); rank++) {
      if (rank / stride % size == 0) {
        group(row, rank, stride, flow);
      }
    }
  }

  /** From one rank of a group to the next. */
  private int stride(AxisTraffic row) {
    int replicas = plan.context() * plan.data();
    return switch (row.axis()) {
      case TENSOR -> 1;
      case CONTEXT, EXPERT -> plan.tensor();
      case DATA -> plan.tensor() * (replicas / row.ranks());
      case PIPELINE -> plan.tensor() * replicas;
    };
  }

  private void group(AxisTraffic row, int first, int stride, Flow flow) {
    int size = row.ranks();
    for (int i = 0; i < size; i++) {
      int from = first + i * stride;
      switch (row.operation()) {
        case ALL_REDUCE, REDUCE_SCATTER, ALL_GATHER ->
            flow.accept(from, first + (i + 1) % size * stride, row.sent());
        case ALL_TO_ALL -> {
          for (int j = 0; j < size; j++) {
            if (j != i) {
              flow.accept(from, first + j * stride, row.calls() * row.payload() / size);
            }
          }
        }
        case SEND -> stage(row, first, i, stride, flow);
      }
    }
  }

  /** Of the calls each chunk has as many forward as backward. */
  private void stage(AxisTraffic row, int first, int stage, int stride, Flow flow) {
    int chunks = plan.schedule().chunks();
    double ofChunk = row.calls() * row.payload() / 2 / chunks;
    int next = (stage + 1) % row.ranks();
    double bytes = ofChunk * (next == 0 ? chunks - 1 : chunks);
    if (bytes > 0) {
      flow.accept(first + stage * stride, first + next * stride, bytes);
      flow.accept(first + next * stride, first + stage * stride, bytes);
    }
  }
}
