package weft.llm;

import java.util.ArrayList;
import java.util.List;

/** Takes a model apart into its kinds of layers. */
final class Parts {
  private final Transformer model;
  private final List<Part> parts = new ArrayList<>();

  private Parts(Transformer model) {
    this.model = model;
  }

  static List<Part> of(Transformer model) {
    var made = new Parts(model);
    made.embedding();
    made.attention();
    made.feedForward();
    model.experts().ifPresent(made::experts);
    made.norms();
    made.output();
    return List.copyOf(made.parts);
  }

  private void add(String name, int copies, long parameters, double flops) {
    parts.add(new Part(name, copies, parameters, parameters, flops));
  }

  private void embedding() {
    long hidden = model.hidden();
    add("embedding", 1, model.vocabulary() * hidden, 0);
    if (model.form().hasLearnedPositions()) {
      add("positions", 1, model.sequence() * hidden, 0);
    }
  }

  private void attention() {
    Heads heads = model.heads();
    long weights = heads.weights(model.hidden());
    long biases = model.form().hasBiases() ? heads.biases(model.hidden()) : 0;
    add(
        "attention",
        model.layers(),
        weights + biases + heads.innerNorms(),
        2.0 * weights + heads.productFlops(model.sequence()));
  }

  private long network(int width) {
    return (long) model.form().matrices() * model.hidden() * width;
  }

  private void feedForward() {
    int layers = model.layers() - model.expertLayers();
    if (layers > 0) {
      long weights = network(model.ffn());
      long biases = model.form().hasBiases() ? (long) model.ffn() + model.hidden() : 0;
      add("feed-forward", layers, weights + biases, 2.0 * weights);
    }
  }

  private void experts(Experts experts) {
    long one = network(experts.width());
    int layers = model.expertLayers();
    long visited = one * experts.active();
    parts.add(new Part("experts", layers, one * experts.count(), visited, 2.0 * visited));
    long router = (long) experts.count() * model.hidden();
    add("router", layers, router, 2.0 * router);
    if (experts.shared() > 0) {
      long shared = one * experts.shared();
      add("shared experts", layers, shared, 2.0 * shared);
    }
  }

  private void norms() {
    long one = (long) model.form().perNorm() * model.hidden();
    add("norms", 2 * model.layers() + 1, one, 0);
  }

  private void output() {
    long weights = (long) model.vocabulary() * model.hidden();
    add("output", 1, model.form().isTied() ? 0 : weights, 2.0 * weights);
  }
}
