package weft.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import weft.nn.compute.Exchange;

/**
 * A worker's slices of the layers of a network whose matrices several workers share, as Megatron
 * cuts them (Shoeybi et al., arXiv 1909.08053, section 3): of two dense layers in a row the rows of
 * the first matrix and the columns of the second, of attention its heads and the columns that mix
 * them. One sum over all workers follows, and one of gradients comes before. Every worker has all
 * of any other layer.
 */
final class TensorCut {
  private final int rank;
  private final int ranks;
  private final int[] origin;
  private final int[] places;
  private final boolean isFirstOfNetwork;
  private int count;

  /**
   * @param origin where in the whole network the parameters of the layers are
   * @param isFirstOfNetwork whether nothing before the layers needs a gradient
   */
  TensorCut(int rank, int ranks, int[] origin, boolean isFirstOfNetwork) {
    this.rank = rank;
    this.ranks = ranks;
    this.origin = origin;
    places = new int[origin.length];
    this.isFirstOfNetwork = isFirstOfNetwork;
  }

  /**
   * The worker's layers; once they are cut, {@link #origin} is theirs.
   *
   * @throws IllegalArgumentException if neurons or heads cannot be shared out evenly
   */
  List<Layer> layers(List<Layer> whole) {
    var cut = new ArrayList<Layer>();
    cut(whole, 0, cut, isFirstOfNetwork);
    return cut;
  }

  /** Where in the whole network the parameters of the worker's layers are. */
  int[] origin() {
    return Arrays.copyOf(places, count);
  }

  private void cut(List<Layer> whole, int from, List<Layer> to, boolean isFirst) {
    int at = from;
    for (int i = 0; i < whole.size(); i++) {
      Layer layer = whole.get(i);
      boolean nobodyBefore = isFirst && i == 0;
      if (isPair(whole, i)) {
        var first = (Dense) layer;
        var second = (Dense) whole.get(i + 1);
        pair(first, second, at, to, nobodyBefore);
        at += second.parameters();
        i++;
      } else if (layer instanceof Attention attention) {
        attention(attention, at, to, nobodyBefore);
      } else if (layer instanceof Residual residual) {
        var inside = new ArrayList<Layer>();
        cut(residual.inside(), at, inside, nobodyBefore);
        to.add(new Residual(inside));
      } else {
        take(at, layer.parameters());
        to.add(layer);
      }
      at += layer.parameters();
    }
  }

  /** Where layers can be taken apart without parting a pair, ends included. */
  static int[] bounds(List<Layer> layers) {
    var bounds = IntStream.builder();
    int at = 0;
    while (at < layers.size()) {
      bounds.add(at);
      at += isPair(layers, at) ? 2 : 1;
    }
    return bounds.add(at).build().toArray();
  }

  private static boolean isPair(List<Layer> layers, int i) {
    return i + 1 < layers.size()
        && layers.get(i) instanceof Dense first
        && layers.get(i + 1) instanceof Dense
        && !(first.activation() instanceof Softmax);
  }

  /** Rows of the first layer's matrix, with their biases; columns of the second's. */
  private void pair(Dense first, Dense second, int at, List<Layer> to, boolean nobodyBefore) {
    int own = share(first.name(), first.neurons(), "neurons");
    begin(first.in(), to, nobodyBefore);
    to.add(Dense.of(first.in(), own, first.activation()));
    int ins = first.inputs();
    take(at + rank * own * ins, own * ins);
    take(at + first.bias(rank * own), own);
    columns(second.neurons(), first.neurons(), own, at + first.parameters());
    Shape out = to.get(to.size() - 1).out();
    to.add(new Product(out, second.neurons()));
    end(second.out(), second.activation(), second.fused(), to);
    take(at + first.parameters() + second.bias(0), second.neurons());
  }

  /** Some heads: rows of the matrices of queries, keys and values; columns of the mixing one. */
  private void attention(Attention whole, int at, List<Layer> to, boolean nobodyBefore) {
    int heads = share(whole.name(), whole.heads(), "heads");
    int width = whole.in().width();
    int own = width / whole.heads() * heads;
    begin(whole.in(), to, nobodyBefore);
    to.add(new Heads(whole.in(), own, heads, whole.causal()));
    for (int matrix = 0; matrix < 3; matrix++) {
      take(at + (matrix * width + rank * own) * width, own * width);
    }
    for (int matrix = 0; matrix < 3; matrix++) {
      take(at + 3 * width * width + matrix * width + rank * own, own);
    }
    int second = at + 3 * width * (width + 1);
    columns(width, width, own, second);
    to.add(new Product(whole.in().withWidth(own), width));
    end(whole.out(), Activations.identity(), false, to);
    take(second + width * width, width);
  }

  private static void begin(Shape in, List<Layer> to, boolean nobodyBefore) {
    if (!nobodyBefore) {
      to.add(new SliceSum(in, Exchange.SUM_INPUT_GRADIENTS));
    }
  }

  private static void end(Shape out, Activation activation, boolean fused, List<Layer> to) {
    to.add(new SliceSum(out, Exchange.SUM_ACTIVATIONS));
    to.add(new Biases(out, activation, fused));
  }

  private int share(String layer, int all, String what) {
    if (all % ranks != 0) {
      throw new IllegalArgumentException(
          "%s is cut by its %s, but %d of them cannot be shared out to %d GPUs evenly: give a multiple, or another tensor degree"
              .formatted(layer, what, all, ranks));
    }
    return all / ranks;
  }

  /** The worker's columns of a matrix, row by row. */
  private void columns(int rows, int width, int own, int at) {
    for (int row = 0; row < rows; row++) {
      take(at + row * width + rank * own, own);
    }
  }

  private void take(int from, int some) {
    System.arraycopy(origin, from, places, count, some);
    count += some;
  }
}
