package weft.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/**
 * A mixture of experts, of which a worker has its share and the whole router.
 *
 * @param ranks workers that share out the experts evenly
 */
record MixturePart(Mixture whole, int ranks) implements PartLayer {
  @Override
  public Shape in() {
    return whole.in();
  }

  @Override
  public Shape out() {
    return whole.out();
  }

  @Override
  public String name() {
    return "%s, of which %d here".formatted(whole.name(), own());
  }

  @Override
  public List<ParameterGroup> groups() {
    return whole.groups(own());
  }

  /** Experts that are here. */
  int own() {
    return whole.experts() / ranks;
  }

  /** Numbers that a sample's positions send to experts, wherever these are. */
  int dispatched() {
    return whole.in().size() * whole.active();
  }

  /** As if experts were chosen equally often. */
  @Override
  public long forwardFlops() {
    return whole.forwardFlops();
  }

  @Override
  public long backwardFlops() {
    return whole.backwardFlops();
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return whole.floatStage(work, offset, from, gradient, ranks);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return whole.doubleStage(work, offset, from, gradient, ranks);
  }
}
