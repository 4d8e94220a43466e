package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import weft.nn.compute.Sections;

/** What a step by hand did to each parameter, written out. */
final class UpdateExplanation {
  /** Networks with more parameters than this are shortened, layer by layer. */
  private static final int ALL = 60;

  private UpdateExplanation() {}

  /**
   * The update that led to a network.
   *
   * @throws IllegalStateException if no step by hand did
   */
  static Derivation of(Network network) {
    Update update = network.update();
    if (update == null) {
      throw new IllegalStateException(
          "a network is explained by what led to it, and this one comes from no step by hand: write"
              + " net.step(sgd(0.01), pass).explain() for an update, net.forward(...).explain() for"
              + " the sums of a sample");
    }
    Optimizer optimizer = update.optimizer();
    var lines = new ArrayList<Line>();
    double[] applied = update.gradient();
    if (optimizer.clipNorm() < Double.POSITIVE_INFINITY) {
      var clipping = new ClippingExplanation(applied, optimizer.clipNorm());
      lines.addAll(clipping.lines());
      applied = clipping.applied();
    }
    lines.addAll(optimizer.explanation().rule());
    lines.addAll(tensors(network, update, applied));
    return new Derivation(List.of(new Section("Update by " + optimizer, lines)));
  }

  private static List<Line> tensors(Network network, Update update, double[] applied) {
    var lines = new ArrayList<Line>();
    Sections sections = Layers.sections(network.layers());
    int section = 0;
    for (LayerCost cost : network.costs()) {
      int[] shown = shown(network, cost.count());
      Line others =
          new Remark(
              "... and likewise for the other %d parameters of %s"
                  .formatted(cost.count() - 4, cost.name()));
      for (; section < sections.count(); section++) {
        int from = sections.bounds()[section];
        int to = sections.bounds()[section + 1];
        if (from >= cost.offset() + cost.count()) {
          break;
        }
        int[] places = within(shown, from - cost.offset(), to - cost.offset());
        if (places.length > 0) {
          boolean decays = sections.weights()[section];
          var tensor = new TensorUpdate(update, applied, network, from, to, decays, others);
          lines.addAll(update.optimizer().explanation().updates(tensor, places));
        }
      }
    }
    return lines;
  }

  /** Those of a layer's shown parameters in one of its tensors, by their places in it. */
  private static int[] within(int[] shown, int from, int to) {
    var places = new ArrayList<Integer>();
    boolean inside = false;
    for (int i : shown) { // dots belong to what stands before them
      inside = i < 0 ? inside : i >= from && i < to;
      if (inside) {
        places.add(i < 0 ? -1 : i - from);
      }
    }
    return places.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int[] shown(Network network, int count) {
    return network.parameters() <= ALL
        ? IntStream.range(0, count).toArray()
        : Explanation.shown(count);
  }
}
