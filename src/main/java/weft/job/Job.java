package weft.job;

import weft.cluster.Server;
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

  /**
   * Inference of a model, to be given servers, requests and answers.
   *
   * <pre>{@code
   * Job.inference(LLAMA3_70B).on(DGX_H100, 8).batch(32).prompt(4096).output(512).run()
   * }</pre>
   */
  public static InferenceJob inference(Transformer model) {
    return new InferenceJob(model, Server.DGX_H100, 8, 1, 1, 1024, 256);
  }
}
