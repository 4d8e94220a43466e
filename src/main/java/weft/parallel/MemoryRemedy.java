package weft.parallel;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
        .flatMap(
            t -> IntStream.rangeClosed(1, plan.units(model)).boxed().flatMap(p -> degrees(t, p)))
        .map(MemoryRemedy::leanest)
        .filter(this::fits)
        .min(Comparator.comparingInt(other -> other.tensor() * other.pipeline()))
        .map(other -> "it would fit with " + written(other));
  }

  /** The reader's plan with other degrees, in its own order of work first and then by 1F1B. */
  private Stream<ParallelPlan> degrees(int tensor, int pipeline) {
    long replica = (long) tensor * plan.context() * pipeline;
    if (plan.gpus() % replica != 0) {
      return Stream.empty();
    }
    ParallelPlan cut = plan.tensor(tensor);
    ParallelPlan other = plan.hasDataDegree() ? cut.data((int) (plan.gpus() / replica)) : cut;
    return Stream.of(plan.schedule(), PipelineSchedule.oneForwardOneBackward())
        .distinct()
        .map(schedule -> other.pipeline(pipeline, schedule));
  }

  /** What changes the reader's plan into this one. */
  private String written(ParallelPlan other) {
    return "tensor(%d).pipeline(%d%s)%s.microBatch(1).recomputing(FULL).sharded(ZERO_3)"
        .formatted(
            other.tensor(),
            other.pipeline(),
            other.schedule().equals(plan.schedule()) ? "" : ", oneForwardOneBackward()",
            plan.hasDataDegree() ? ".data(%d)".formatted(other.data()) : "");
  }

  private static ParallelPlan leanest(ParallelPlan plan) {
    return full(plan).microBatch(1).sharded(Sharding.ZERO_3);
  }

  private boolean fits(ParallelPlan other) {
    return isPossible(other)
        && PlanMemory.of(other, model, globalBatch).total().bytes() <= capacity;
  }

  /** Whether micro-batches share out the global batch and the plan can cut the model. */
  private boolean isPossible(ParallelPlan other) {
    long together = (long) other.data() * other.microBatch();
    return globalBatch % together == 0 && other.problem(model, globalBatch).isEmpty();
  }

  private String moreGpus() {
    double state =
        Sharding.REPLICATED.modelStateBytes((double) model.parameters(), 1, plan.gradientBytes());
    double least = Math.ceil(state / capacity);
    String size = new DataSize((long) state).decimal();
    return plan.gpus() < least
        ? "weights, gradients and the optimiser's state are %s and fill %s such GPUs: take more"
            .formatted(size, Digits.of(least))
        : "and neither sharding nor recomputation nor other degrees are enough: take more GPUs, or a global batch that more degrees divide";
  }
}
