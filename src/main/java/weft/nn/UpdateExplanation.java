package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

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
    var lines = new ArrayList<Line>(optimizer.explanation().rule());
    String[] names = network.names().parameters();
    for (LayerCost cost : network.costs()) {
      for (int i : shown(network, cost.count())) {
        if (i < 0) {
          lines.add(
              new Remark(
                  "... and likewise for the other %d parameters of %s"
                      .formatted(cost.count() - 4, cost.name())));
          continue;
        }
        int p = cost.offset() + i;
        lines.addAll(
            optimizer
                .explanation()
                .update(names[p], update.old()[p], update.gradient()[p], network.values()[p]));
      }
    }
    return new Derivation(List.of(new Section("Update by " + optimizer, lines)));
  }

  private static int[] shown(Network network, int count) {
    return network.parameters() <= ALL
        ? IntStream.range(0, count).toArray()
        : Explanation.shown(count);
  }
}
