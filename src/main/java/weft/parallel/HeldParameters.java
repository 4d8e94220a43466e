package weft.parallel;

import weft.llm.Transformer;

/** How many parameters a stage's GPUs hold, and in how large groups others hold the same. */
final class HeldParameters {
  private final ParallelPlan plan;
  private final Transformer model;
  private final int layers;
  private final boolean isFirst;

  private HeldParameters(ParallelPlan plan, Transformer model, int layers, boolean isFirst) {
    this.plan = plan;
    this.model = model;
    this.layers = layers;
    this.isFirst = isFirst;
  }

  /** Of the first stage, which has the embedding. */
  static HeldParameters first(ParallelPlan plan, Transformer model) {
    return new HeldParameters(plan, model, plan.layersOfFirstStage(model), true);
  }

  /** Of a stage in the middle, which may have more layers. */
  static HeldParameters middle(ParallelPlan plan, Transformer model) {
    return new HeldParameters(plan, model, plan.layersOfMiddleStage(model), false);
  }

  /** Of the stage that has more. */
  static HeldParameters most(ParallelPlan plan, Transformer model) {
    HeldParameters first = first(plan, model);
    HeldParameters middle = middle(plan, model);
    boolean isFirst = plan.pipeline() < 3 || first.all() >= middle.all();
    return isFirst ? first : middle;
  }

  private double all() {
    return dense() + experts();
  }

  int layers() {
    return layers;
  }

  /** Of everything but experts, on one GPU. */
  double dense() {
    if (plan.pipeline() == 1) {
      return (double) (model.parameters() - model.expertParameters()) / plan.tensor();
    }
    double allLayers =
        model.parameters()
            - model.expertParameters()
            - model.embeddingParameters()
            - model.outputParameters();
    double stage = allLayers * layers / model.layers();
    return (stage + (isFirst ? model.embeddingParameters() : 0)) / plan.tensor();
  }

  /** Of experts, on one GPU. */
  double experts() {
    return (double) model.expertParameters()
        * layers
        / model.layers()
        / plan.tensor()
        / plan.expert();
  }

  /** Of the largest layer, or the embedding, on one GPU: what sharding gathers at once. */
  double largestLayer() {
    double dense =
        (double) model.parameters()
            - model.expertParameters()
            - model.embeddingParameters()
            - model.outputParameters();
    double experts =
        model.expertLayers() == 0
            ? 0
            : (double) model.expertParameters() / model.expertLayers() / plan.expert();
    double layer = dense / model.layers() + experts;
    double embedding = isFirst ? model.embeddingParameters() : 0;
    return Math.max(layer, embedding) / plan.tensor();
  }

  /** GPUs that hold the same dense parameters. */
  int denseGroup() {
    return plan.data() * plan.context();
  }

  /** GPUs that hold the same experts. */
  int expertGroup() {
    return denseGroup() / plan.expert();
  }
}
