package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Puts together what layers, loss and optimiser have to write about a pass. */
final class Explanation {
  /** More terms, or neurons, than this are shortened with dots. */
  private static final int MANY = 6;

  private Explanation() {}

  /** As far as the pass got: forward, loss, backward. */
  static Derivation of(Trace trace) {
    return new Derivation(sections(trace));
  }

  /** A pass, and the update that follows from it. */
  static Derivation of(Trace trace, Network next) {
    var sections = new ArrayList<>(sections(trace));
    sections.addAll(UpdateExplanation.of(next).sections());
    return new Derivation(sections);
  }

  /** 0..count-1, or the first three, -1 for the dots, and the last. */
  static int[] shown(int count) {
    return count <= MANY ? IntStream.range(0, count).toArray() : new int[] {0, 1, 2, -1, count - 1};
  }

  private static List<Section> sections(Trace trace) {
    var sections = new ArrayList<Section>();
    Names names = trace.network().names();
    Loss loss = trace.network().loss();
    var chain = new Chain(trace, names);
    sections.add(new Section("Forward pass", chain.forward()));
    double @Nullable [] target = trace.target();
    if (target == null) {
      return sections;
    }
    double[] outputs = trace.outputs();
    int positions = trace.network().out().positions();
    var lines = new ArrayList<Line>();
    lines.add(
        loss.explain(names, outputs, target, trace.loss()).perPosition(positions, trace.loss()));
    if (!loss.speaksInOutputs(outputs, target)) {
      lines.add(
          new Remark(
              "An output is 0 or 1 to its last digit, so the logarithms are computed from Z."));
    }
    sections.add(new Section("Loss", lines));
    if (trace.hasGradient()) {
      sections.add(
          new Section(
              "Backward pass, from the output to the inputs",
              chain.backward(
                  i ->
                      loss.explainGradient(names, outputs, target, i)
                          .perPosition(positions, chain.last().outputGradients()[i]),
                  loss.startsFromSums())));
    }
    return sections;
  }
}
