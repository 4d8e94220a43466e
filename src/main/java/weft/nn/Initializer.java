package weft.nn;

import org.apache.commons.math3.distribution.NormalDistribution;
import weft.sim.RandomStreams;

/** Where a layer's weights start; choose one with {@link Initializers}. */
public final class Initializer {
  private static final int MOST_WEIGHTS = 1 << 26;

  private final String name;
  private final long seed;
  private final boolean countsOutputs;

  Initializer(String name, long seed, boolean countsOutputs) {
    this.name = name;
    this.seed = seed;
    this.countsOutputs = countsOutputs;
  }

  /**
   * The weights a first layer would begin with, to look at.
   *
   * @param inputs of each neuron, at least 1
   * @param neurons at least 1
   */
  public InitialWeights layer(int inputs, int neurons) {
    if (inputs < 1 || neurons < 1) {
      throw new IllegalArgumentException(
          "a layer has at least 1 input and 1 neuron, got %d and %d".formatted(inputs, neurons));
    }
    if ((long) inputs * neurons > MOST_WEIGHTS) {
      throw new IllegalArgumentException(
          "a layer to look at has at most %d weights, but %d x %d are %d: lower one of them"
              .formatted(MOST_WEIGHTS, inputs, neurons, (long) inputs * neurons));
    }
    double[] weights = new double[inputs * neurons];
    draw(weights, 0, weights.length, inputs, neurons, 0);
    return new InitialWeights(this, inputs, neurons, variance(inputs, neurons), weights);
  }

  private double variance(int ins, int outs) {
    return 2.0 / (countsOutputs ? ins + outs : ins);
  }

  /**
   * Draws {@code count} weights in order. Every layer has its own stream of the seed, so that
   * changing one layer's width leaves the others' draws alone.
   */
  void draw(double[] parameters, int offset, int count, int ins, int outs, int layer) {
    draw(parameters, offset, count, ins, outs, "weights of layer " + layer);
  }

  /** Likewise, from a stream of this name. */
  void draw(double[] parameters, int offset, int count, int ins, int outs, String stream) {
    normal(parameters, offset, count, Math.sqrt(variance(ins, outs)), stream);
  }

  /** Likewise with a deviation that does not depend on the widths. */
  void normal(double[] parameters, int offset, int count, double deviation, String stream) {
    var normal = new NormalDistribution(new RandomStreams(seed).named(stream), 0, deviation);
    for (int i = 0; i < count; i++) {
      parameters[offset + i] = normal.sample();
    }
  }

  /** As a cell writes it: {@code he(1)}. */
  @Override
  public String toString() {
    return name + "(" + seed + ")";
  }
}
