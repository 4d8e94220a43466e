package weft.parallel;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import weft.llm.Experts;
import weft.llm.GroupedHeads;
import weft.llm.Transformer;
import weft.report.Digits;
import weft.units.Check;

/** Whether a plan can cut a model at all. */
final class PlanCheck {
  private final ParallelPlan plan;
  private final Transformer model;

  private PlanCheck(ParallelPlan plan, Transformer model) {
    this.plan = plan;
    this.model = model;
  }

  /**
   * @throws IllegalArgumentException if it cannot
   */
  static void of(ParallelPlan plan, Transformer model, int globalBatch) {
    problem(plan, model, globalBatch)
        .ifPresent(
            text -> {
              throw new IllegalArgumentException(text);
            });
  }

  /**
   * @throws IllegalArgumentException if a schedule does not work with so many
   */
  static void schedule(PipelineSchedule schedule, int stages, int microBatches) {
    Check.atLeast(1, "pipeline stages", stages, "one is no pipeline");
    Check.atLeast(1, "micro-batches", microBatches, "as many as stages at least is usual");
    schedule
        .problem(stages, microBatches)
        .ifPresent(
            text -> {
              throw new IllegalArgumentException(text + ": give other micro-batches");
            });
  }

  /** Why it cannot; empty if it can. */
  static Optional<String> problem(ParallelPlan plan, Transformer model, int globalBatch) {
    Check.notNull("a plan's model", model, "write for example LLAMA3_70B");
    var check = new PlanCheck(plan, model);
    int microBatches = plan.microBatches(globalBatch);
    return Stream.<Supplier<Optional<String>>>of(
            check::tensor, check::context, check::experts, () -> check.pipeline(microBatches))
        .map(Supplier::get)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<String> tensor() {
    int t = plan.tensor();
    int heads = model.heads().count();
    if (heads % t != 0) {
      return Optional.of(
          "attention heads are shared out evenly in a tensor group, but %s has %d heads for %d GPUs: give a tensor degree that divides %d"
              .formatted(model.name(), heads, t, heads));
    }
    int kv = model.heads() instanceof GroupedHeads grouped ? grouped.kvHeads() : heads;
    if (kv % t != 0 && t % kv != 0) {
      return Optional.of(
          "key-value heads are shared out evenly in a tensor group or copied evenly, but %s has %d for %d GPUs: give a tensor degree that divides %d or a multiple of it"
              .formatted(model.name(), kv, t, kv));
    }
    return networkWidths()
        .filter(width -> width % t != 0)
        .boxed()
        .findFirst()
        .map(
            width ->
                "a feed-forward network is cut evenly in a tensor group, but its width of %d is no multiple of %d: give another tensor degree"
                    .formatted(width, t));
  }

  /** Of dense layers, if there are any, and of experts. */
  private IntStream networkWidths() {
    IntStream dense =
        model.expertLayers() < model.layers() ? IntStream.of(model.ffn()) : IntStream.empty();
    return IntStream.concat(dense, model.experts().stream().mapToInt(Experts::width));
  }

  private Optional<String> context() {
    if (model.sequence() % plan.context() != 0) {
      return Optional.of(
          "a sequence is cut evenly over a context group, but %d tokens are no multiple of %d: give another context degree"
              .formatted(model.sequence(), plan.context()));
    }
    return Optional.empty();
  }

  private Optional<String> experts() {
    int e = plan.expert();
    if (e == 1) {
      return Optional.empty();
    }
    if (model.experts().isEmpty()) {
      return Optional.of(
          "an expert degree needs experts, but %s is dense: leave expert(%d) out"
              .formatted(model.name(), e));
    }
    int count = model.experts().get().count();
    if (count % e != 0) {
      return Optional.of(
          "experts are dealt out evenly, but %s has %d for %d GPUs: give an expert degree that divides %d"
              .formatted(model.name(), count, e, count));
    }
    if (plan.data() * plan.context() % e != 0) {
      return Optional.of(
          "experts are dealt out within a data-parallel group, whose %d GPUs are no multiple of %d: give an expert degree that divides them"
              .formatted(plan.data() * plan.context(), e));
    }
    return Optional.empty();
  }

  private Optional<String> pipeline(int microBatches) {
    int p = plan.pipeline();
    int chunks = plan.schedule().chunks();
    if (p == 1) {
      if (chunks > 1) {
        return Optional.of(
            "an interleaved schedule needs a pipeline, but there is one stage: raise pipeline or leave the schedule out");
      }
      return Optional.empty();
    }
    if (plan.units(model) % (p * chunks) != 0) {
      return Optional.of(
          "layers are dealt out evenly to %d stages of %s, but %s has %d: give degrees whose product divides %d, or embeddingsAsLayers() to count embedding and output"
              .formatted(
                  p,
                  Digits.counted(chunks, "chunk"),
                  model.name(),
                  plan.units(model),
                  plan.units(model)));
    }
    if (plan.schedule() instanceof ZeroBubble && plan.recomputation() == Recomputation.FULL) {
      return Optional.of(
          "%s keeps what gradients of weights need for a while after those of inputs, which FULL recomputation would throw away: write recomputing(SELECTIVE), or another schedule"
              .formatted(plan.schedule()));
    }
    return plan.schedule()
        .problem(p, microBatches)
        .map(text -> text + ": change globalBatch or microBatch");
  }
}
