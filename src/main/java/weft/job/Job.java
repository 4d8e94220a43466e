package weft.job;

import weft.llm.Transformer;
import weft.units.Check;

/** Jobs whose compute is modelled. */
public final class Job {
  private Job() {}

  /**
   * Training of a model, to be given a cluster and a plan.
   *
   * <pre>{@code
   * Job.training(LLAMA3_405B)
   *     .on(2048, DGX_H100)
   *     .plan(ParallelPlan.of(16_384).tensor(8).pipeline(16).embeddingsAsLayers())
   *     .globalBatch(2048)
   *     .run()
   * }</pre>
   */
  public static TrainingJob training(Transformer model) {
    return new TrainingJob(Check.notNull("a model to train", model, "write LLAMA3_70B"));
  }
}
