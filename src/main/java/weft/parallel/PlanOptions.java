package weft.parallel;

import java.util.function.Consumer;

/**
 * What a plan decides besides degrees; see the steps of {@link ParallelPlan} of the same names.
 * Assigned only while a copy is being made, before anybody else sees it.
 */
final class PlanOptions {
  int microBatch = 1;
  Sharding sharding = Sharding.REPLICATED;
  Recomputation recomputation = Recomputation.NONE;
  boolean sequenceParallel;
  boolean flashAttention;
  boolean overlapped;
  boolean embeddingsAsLayers;
  int gradientBytes = 2;

  PlanOptions with(Consumer<PlanOptions> change) {
    var copy = new PlanOptions();
    copy.microBatch = microBatch;
    copy.sharding = sharding;
    copy.recomputation = recomputation;
    copy.sequenceParallel = sequenceParallel;
    copy.flashAttention = flashAttention;
    copy.overlapped = overlapped;
    copy.embeddingsAsLayers = embeddingsAsLayers;
    copy.gradientBytes = gradientBytes;
    change.accept(copy);
    return copy;
  }
}
