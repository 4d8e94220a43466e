package weft.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * Layers for a worker's steps of each sequence. Layers that look at one step at a time only see
 * fewer of them; heads of attention gather the keys and values of the others. Parameters are those
 * of the whole layers.
 */
final class ContextCut {
  private final int rank;
  private final int ranks;

  ContextCut(int rank, int ranks) {
    this.rank = rank;
    this.ranks = ranks;
  }

  /**
   * @throws IllegalArgumentException if a layer looks at several steps and is no attention
   */
  List<Layer> layers(List<Layer> whole) {
    var cut = new ArrayList<Layer>();
    for (Layer layer : whole) {
      add(layer, cut);
    }
    return cut;
  }

  private void add(Layer layer, List<Layer> to) {
    if (layer instanceof Attention a) {
      to.add(heads(a.in(), a.in().width(), a.heads(), a.causal()));
      to.add(Dense.of(steps(a.in()), a.in().width(), Activations.identity()));
    } else if (layer instanceof Heads h) {
      to.add(heads(h.in(), h.width(), h.heads(), h.causal()));
    } else if (layer instanceof Positions p) {
      Shape in = steps(p.in());
      to.add(new PositionsPart(in, rank * in.positions(), p.in().positions()));
    } else if (layer instanceof Residual r) {
      to.add(new Residual(layers(r.inside())));
    } else {
      to.add(stepByStep(layer));
    }
  }

  private Layer heads(Shape in, int width, int heads, boolean causal) {
    return new ContextHeads(steps(in), width, heads, causal, rank, ranks);
  }

  private Layer stepByStep(Layer layer) {
    Shape in = steps(layer.in());
    if (layer instanceof Embedding e) {
      return new Embedding(in, e.width(), e.initializer());
    }
    if (layer instanceof Dense d) {
      return d.at(in);
    }
    if (layer instanceof Mixture m) {
      return m.at(in);
    }
    if (layer instanceof LayerNorm) {
      return new LayerNorm(in);
    }
    if (layer instanceof ActivationLayer a) {
      return new ActivationLayer(in, a.activation(), a.fused());
    }
    if (layer instanceof Product p) {
      return new Product(in, p.neurons());
    }
    if (layer instanceof SliceSum s) {
      return new SliceSum(in, s.what());
    }
    if (layer instanceof Biases b) {
      return new Biases(in, b.activation(), b.fused());
    }
    if (layer instanceof Receive) {
      return new Receive(in);
    }
    if (layer instanceof Send) {
      return new Send(in);
    }
    throw new IllegalArgumentException(
        "context(%d) cuts sequences for layers that look at one step at a time, and for attention, but %s does not go step by step: write context(1)"
            .formatted(ranks, layer.name()));
  }

  private Shape steps(Shape in) {
    boolean isSequence = in.isSequence() || in.isTokens();
    int steps = in.positions();
    if (!isSequence || steps % ranks != 0) {
      throw new IllegalArgumentException(
          "context(%d) cuts sequences evenly, but a layer takes %s: %s"
              .formatted(
                  ranks,
                  in,
                  isSequence
                      ? "give a degree that divides %d".formatted(steps)
                      : "end the network in layers that give something at every step, or write context(1)"));
    }
    return in.isTokens()
        ? Shape.tokens(in.vocabulary(), steps / ranks)
        : Shape.sequence(steps / ranks, in.width());
  }
}
