package weft.nn;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleBatchNorm;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatBatchNorm;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/**
 * Each channel of a batch shifted and scaled to mean 0 and variance 1, then scaled and shifted as
 * is learned (Ioffe and Szegedy, ICML 2015). A channel is one of an image, or one number of a
 * vector. Outside training the running mean and variance of the batches so far are used.
 * Parameters: scales, then shifts. Statistics: running means, then running variances.
 */
record BatchNorm(Shape in) implements Layer {

  @Override
  public String name() {
    return "batchNorm()";
  }

  /** How many channels are normalised, each by itself. */
  int channels() {
    return in.dimension(0);
  }

  /** Numbers of a channel of one sample. */
  int plane() {
    return in.size() / channels();
  }

  @Override
  public int fewestRows() {
    return plane() == 1 ? 2 : 1;
  }

  @Override
  public int statistics() {
    return 2 * channels();
  }

  @Override
  public void initializeStatistics(double[] statistics, int offset) {
    Arrays.fill(statistics, offset + channels(), offset + 2 * channels(), 1);
  }

  @Override
  public Shape out() {
    return in;
  }

  @Override
  public List<ParameterGroup> groups() {
    return List.of(
        new ParameterGroup("scales", channels(), 1, false),
        new ParameterGroup("shifts", channels(), 1, false));
  }

  @Override
  public String start() {
    return "scale 1, shift 0";
  }

  @Override
  public void initialize(double[] parameters, int offset, int index) {
    Arrays.fill(parameters, offset, offset + channels(), 1);
  }

  @Override
  public LayerExplanation explanation() {
    return new NormalizationExplanation(channels(), plane(), true, 1e-5);
  }

  @Override
  public long forwardFlops() {
    return 4L * in.size();
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatBatchNorm(work, offset, statistics, channels(), plane(), from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleBatchNorm(work, offset, statistics, channels(), plane(), from, gradient);
  }
}
