package weft.nn;

import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleDropout;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatDropout;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;
import weft.report.Digits;
import weft.sim.RandomStreams;

/**
 * In training drops each number with a fixed probability and divides the others by the probability
 * to stay; outside training does nothing (inverted dropout; Srivastava et al., JMLR 2014).
 *
 * @param share the probability that a number is dropped, at least 0 and below 1
 * @param seed of the draws
 * @param index of the layer in its network, from 0, so that two layers of one seed draw differently
 */
record Dropout(Shape in, double share, long seed, int index) implements Layer {
  @Override
  public String name() {
    String text = Digits.of(share);
    return "dropout(" + (seed == Initializers.DEFAULT_SEED ? text : text + ", " + seed) + ")";
  }

  @Override
  public Shape out() {
    return in;
  }

  private long stream() {
    return RandomStreams.mix(seed ^ RandomStreams.mix(index + 1L));
  }

  @Override
  public LayerExplanation explanation() {
    return PassingExplanation.INSTANCE;
  }

  @Override
  public long forwardFlops() {
    return in.size();
  }

  @Override
  public long backwardFlops() {
    return in.size();
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatDropout(work, in.size(), share, stream(), from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleDropout(work, in.size(), share, stream(), from, gradient);
  }
}
