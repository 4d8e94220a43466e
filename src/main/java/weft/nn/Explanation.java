package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Puts together what layers, loss and optimiser have to write about a pass. */
final class Explanation {
  /** More terms, or neurons, than this are shortened with dots. */
  private static final int MANY = 6;

  private final Trace trace;
  private final Names names;
  private final List<Layer> layers;
  private final List<LayerView> views;

  private Explanation(Trace trace) {
    this.trace = trace;
    names = trace.network().names();
    layers = trace.network().layers();
    views =
        IntStream.range(0, layers.size()).mapToObj(l -> new LayerView(trace, l, names)).toList();
  }

  /** As far as the pass got: forward, loss, backward. */
  static Derivation of(Trace trace) {
    return new Derivation(new Explanation(trace).sections());
  }

  /** A pass, and the update that follows from it. */
  static Derivation of(Trace trace, Network next) {
    var sections = new ArrayList<>(new Explanation(trace).sections());
    sections.addAll(UpdateExplanation.of(next).sections());
    return new Derivation(sections);
  }

  /** 0..count-1, or the first three, -1 for the dots, and the last. */
  static int[] shown(int count) {
    return count <= MANY ? IntStream.range(0, count).toArray() : new int[] {0, 1, 2, -1, count - 1};
  }

  private List<Section> sections() {
    var sections = new ArrayList<Section>();
    sections.add(forward());
    double @Nullable [] target = trace.target();
    if (target != null) {
      Line line = trace.network().loss().explain(names, trace.outputs(), target, trace.loss());
      sections.add(new Section("Loss", List.of(line)));
    }
    if (trace.hasGradient()) {
      sections.add(backward(Objects.requireNonNull(target)));
    }
    return sections;
  }

  private Section forward() {
    var lines = new ArrayList<Line>();
    for (int l = 0; l < layers.size(); l++) {
      LayerExplanation explanation = layers.get(l).explanation();
      lines.addAll(explanation.introduction(views.get(l)));
      for (int i : shown(width(l))) {
        lines.addAll(i < 0 ? others(l) : explanation.output(views.get(l), i));
      }
    }
    return new Section("Forward pass", lines);
  }

  private Section backward(double[] target) {
    var lines = new ArrayList<Line>();
    for (int l = layers.size() - 1; l >= 0; l--) {
      boolean last = l == layers.size() - 1;
      boolean ofSum = last && trace.network().loss().startsFromSums();
      for (int i : shown(width(l))) {
        if (i < 0) {
          lines.addAll(others(l));
          continue;
        }
        lines.add(
            last
                ? trace.network().loss().explainGradient(names, trace.outputs(), target, i)
                : layers.get(l + 1).explanation().inputGradient(views.get(l + 1), i));
        lines.addAll(layers.get(l).explanation().ownGradient(views.get(l), i, ofSum));
      }
      lines.addAll(layers.get(l).explanation().sharedGradients(views.get(l)));
    }
    return new Section("Backward pass, from the output to the inputs", lines);
  }

  private int width(int l) {
    return trace.activations()[l].length;
  }

  private List<Line> others(int l) {
    boolean vector = layers.get(l).out().isVector();
    return List.of(
        new Remark(
            "... and likewise for the other %d %s of %s"
                .formatted(width(l) - 4, vector ? "neurons" : "outputs", layers.get(l).name())));
  }
}
