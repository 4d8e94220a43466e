package weft.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleContextHeads;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatContextHeads;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/**
 * Heads of an attention layer for some steps of a sequence, before they are mixed; other workers
 * have the other steps.
 *
 * @param width numbers of a step of these heads together
 * @param rank which steps: the first {@code in.positions()} for 0
 * @param ranks workers of the sequence
 */
record ContextHeads(Shape in, int width, int heads, boolean causal, int rank, int ranks)
    implements PartLayer {
  @Override
  public Shape out() {
    return in.withWidth(width);
  }

  @Override
  public String name() {
    return (causal ? "causalHeads(" : "heads(") + heads + ")";
  }

  @Override
  public List<ParameterGroup> groups() {
    return List.of(ParameterGroup.weights(3 * width, in.width()), ParameterGroup.biases(3 * width));
  }

  /** Keys and values of a sample, of all steps. */
  int gathered() {
    return ranks * in.positions() * 2 * width;
  }

  /** A causal step sees itself and those before it, of other workers too. */
  @Override
  public long forwardFlops() {
    long steps = in.positions();
    long pairs = causal ? steps * (rank * steps) + steps * (steps + 1) / 2 : steps * ranks * steps;
    return laterFlops() + 4 * pairs * width;
  }

  @Override
  public long laterFlops() {
    return 6L * in.size() * width;
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatContextHeads(
        work,
        offset,
        in.positions(),
        in.width(),
        width,
        heads,
        causal,
        rank,
        ranks,
        from,
        gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleContextHeads(
        work,
        offset,
        in.positions(),
        in.width(),
        width,
        heads,
        causal,
        rank,
        ranks,
        from,
        gradient);
  }
}
