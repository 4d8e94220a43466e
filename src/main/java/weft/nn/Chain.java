package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Layers one after the other, written out forward and backward. */
final class Chain {
  private final List<Layer> layers;
  private final List<LayerView> views;

  Chain(Trace trace, Names names) {
    layers = trace.network().layers();
    views =
        IntStream.range(0, layers.size()).mapToObj(l -> new LayerView(trace, l, names)).toList();
  }

  List<Line> forward() {
    var lines = new ArrayList<Line>();
    for (int l = 0; l < layers.size(); l++) {
      LayerExplanation explanation = layers.get(l).explanation();
      lines.addAll(explanation.introduction(views.get(l)));
      for (int i : Explanation.shown(width(l))) {
        lines.addAll(i < 0 ? others(l) : explanation.output(views.get(l), i));
      }
    }
    return lines;
  }

  /**
   * From the last layer to the first.
   *
   * @param given where the gradient of the last layer's output {@code i} comes from
   * @param ofSum whether that is dL/dz already
   */
  List<Line> backward(IntFunction<Line> given, boolean ofSum) {
    var lines = new ArrayList<Line>();
    for (int l = layers.size() - 1; l >= 0; l--) {
      boolean last = l == layers.size() - 1;
      for (int i : Explanation.shown(width(l))) {
        if (i < 0) {
          lines.addAll(others(l));
          continue;
        }
        lines.add(last ? given.apply(i) : inputGradient(l + 1, i));
        lines.addAll(layers.get(l).explanation().ownGradient(views.get(l), i, last && ofSum));
      }
      lines.addAll(layers.get(l).explanation().sharedGradients(views.get(l)));
    }
    return lines;
  }

  /** dL/dinput of a layer. */
  Line inputGradient(int l, int index) {
    return layers.get(l).explanation().inputGradient(views.get(l), index);
  }

  LayerView last() {
    return views.get(views.size() - 1);
  }

  private int width(int l) {
    return views.get(l).outputs().length;
  }

  private List<Line> others(int l) {
    boolean vector = layers.get(l).out().isVector();
    return List.of(
        new Remark(
            "... and likewise for the other %d %s of %s"
                .formatted(width(l) - 4, vector ? "neurons" : "outputs", layers.get(l).name())));
  }
}
