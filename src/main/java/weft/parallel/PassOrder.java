package weft.parallel;

import java.util.ArrayList;
import java.util.List;
import weft.parallel.PipelinePass.Kind;

/**
 * Forward passes to warm up, then one forward and one backward in turn, then the backward passes
 * that are left. Micro-batches go in rounds of one a stage through each chunk (Megatron-LM's
 * schedules, which Narayanan et al., SC21, figure 4 draws).
 */
final class PassOrder {
  private final int stages;
  private final int chunks;

  PassOrder(int stages, int chunks) {
    this.stages = stages;
    this.chunks = chunks;
  }

  List<PipelinePass> of(int warmUp, int microBatches) {
    int all = microBatches * chunks;
    int ahead = Math.min(warmUp, all);
    var passes = new ArrayList<PipelinePass>();
    for (int k = 0; k < all + ahead; k++) {
      if (k < all) {
        passes.add(pass(Kind.FORWARD, k));
      }
      if (k >= ahead) {
        passes.add(pass(Kind.BACKWARD, k - ahead));
      }
    }
    return passes;
  }

  private PipelinePass pass(Kind kind, int k) {
    if (chunks == 1) {
      return new PipelinePass(kind, 0, k);
    }
    int round = stages * chunks;
    int chunk = k % round / stages;
    int microBatch = k / round * stages + k % stages;
    return new PipelinePass(kind, kind == Kind.FORWARD ? chunk : chunks - 1 - chunk, microBatch);
  }

  /**
   * Likewise with backward passes in two parts, of which weights' gradients come so many
   * micro-batches later than inputs' (Qi et al., ICLR 2024, figure 3).
   */
  static List<PipelinePass> split(int warmUp, int later, int microBatches) {
    var passes = new ArrayList<PipelinePass>();
    for (int k = 0; k < microBatches + warmUp + later; k++) {
      add(passes, Kind.FORWARD, k, microBatches);
      add(passes, Kind.INPUT_GRADIENT, k - warmUp, microBatches);
      add(passes, Kind.WEIGHT_GRADIENT, k - warmUp - later, microBatches);
    }
    return passes;
  }

  private static void add(List<PipelinePass> passes, Kind kind, int k, int microBatches) {
    if (k >= 0 && k < microBatches) {
      passes.add(new PipelinePass(kind, 0, k));
    }
  }
}
