package weft.parallel;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import weft.llm.Transformer;
import weft.report.Digits;
import weft.units.DataSize;

/**
 * What would make a plan fit that does not: options that cost little first, then other degrees on
 * the same GPUs, then more GPUs.
 */
final class MemoryRemedy {
  /** GPUs of a server, beyond which matrices are not cut. */
  private static final int MOST_TENSOR = 8;

  /** Weights and gradients in bf16, and Adam's state. */
  private static final int STATE_BYTES = 16;

  private final ParallelPlan plan;
  private final Transformer model;
  private final int globalBatch;
  private final long capacity;

  MemoryRemedy(ParallelPlan plan, Transformer model, int globalBatch, long capacity) {
    this.plan = plan;
    this.model = model;
    this.globalBatch = globalBatch;
    this.capacity = capacity;
  }

  /** In a clause. */
  @Override
  public String toString() {
    return ways(plan).entrySet().stream()
        .filter(way -> fits(way.getValue()))
        .map(way -> "it would fit with " + way.getKey())
        .findFirst()
        .or(this::otherDegrees)
        .orElseGet(this::moreGpus);
  }

  /** Options of a plan of the same degrees, by what they are written as. */
  private static Map<String, ParallelPlan> ways(ParallelPlan plan) {
    var ways = new LinkedHashMap<String, ParallelPlan>();
    ways.put("flashAttention()", plan.flashAttention());
    if (plan.tensor() > 1) {
      ways.put("sequenceParallel()", plan.sequenceParallel());
      ways.put("flashAttention().sequenceParallel()", plan.flashAttention().sequenceParallel());
    }
    if (plan.pipeline() > 1) {
      ways.put(
          "pipeline(%d, oneForwardOneBackward())".formatted(plan.pipeline()),
          plan.pipeline(plan.pipeline(), PipelineSchedule.oneForwardOneBackward()));
    }
    ways.put("microBatch(1)", plan.microBatch(1));
    addShardings(ways, "", plan);
    ways.put("recomputing(FULL)", full(plan));
    addShardings(ways, "recomputing(FULL).", full(plan));
    return ways;
  }

  private static ParallelPlan full(ParallelPlan plan) {
    return plan.recomputing(Recomputation.FULL);
  }

  private static void addShardings(
      Map<String, ParallelPlan> ways, String before, ParallelPlan plan) {
    for (Sharding sharding : Sharding.values()) {
      ways.put("%ssharded(%s)".formatted(before, sharding), plan.sharded(sharding));
    }
  }

  /** Fewest GPUs a replica first, with all that saves memory. */
  private Optional<String> otherDegrees() {
    return IntStream.rangeClosed(1, MOST_TENSOR)
        .boxed()
        .flatMap(t -> IntStream.rangeClosed(1, model.layers()).mapToObj(p -> degrees(t, p)))
        .filter(other -> fits(leanest(other)))
        .min((a, b) -> a.tensor() * a.pipeline() - b.tensor() * b.pipeline())
        .map(
            other ->
                "it would fit with tensor(%d).pipeline(%d).microBatch(1).recomputing(FULL).sharded(ZERO_3)"
                    .formatted(other.tensor(), other.pipeline()));
  }

  private ParallelPlan degrees(int tensor, int pipeline) {
    var other = ParallelPlan.of(plan.gpus()).context(plan.context()).expert(plan.expert());
    var attention = plan.hasFlashAttention() ? other.flashAttention() : other;
    var norms = plan.isSequenceParallel() ? attention.sequenceParallel() : attention;
    return norms.tensor(tensor).pipeline(pipeline);
  }

  private static ParallelPlan leanest(ParallelPlan plan) {
    return full(plan).microBatch(1).sharded(Sharding.ZERO_3);
  }

  private boolean fits(ParallelPlan other) {
    return isPossible(other)
        && PlanMemory.of(other, model, globalBatch).total().bytes() <= capacity;
  }

  private boolean isPossible(ParallelPlan other) {
    int replica = other.tensor() * other.context() * other.pipeline();
    if (other.gpus() % replica != 0) {
      return false;
    }
    int together = other.gpus() / replica * other.microBatch();
    return globalBatch % together == 0 && other.problem(model, globalBatch).isEmpty();
  }

  private String moreGpus() {
    double state = (double) STATE_BYTES * model.parameters();
    double least = Math.ceil(state / capacity);
    String size = new DataSize((long) state).decimal();
    return plan.gpus() < least
        ? "weights, gradients and the optimiser's state are %s and fill %s such GPUs: take more"
            .formatted(size, Digits.of(least))
        : "and neither sharding nor recomputation nor other degrees are enough: take more GPUs, or a global batch that more degrees divide";
  }
}
