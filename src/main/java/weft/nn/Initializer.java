package weft.nn;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;
import weft.report.Digits;
import weft.sim.RandomStreams;

/** Where a layer's weights start; choose one with {@link Initializers}. */
public final class Initializer {
  private static final int MOST_WEIGHTS = 1 << 26;

  /** How weights lie about their mean. */
  enum Spread {
    NORMAL,
    UNIFORM,
    CONSTANT
  }

  private final String text;
  private final Spread spread;
  private final long seed;
  private final double value;
  private final boolean countsOutputs;

  private Initializer(String text, Spread spread, long seed, double value, boolean countsOutputs) {
    this.text = text;
    this.spread = spread;
    this.seed = seed;
    this.value = value;
    this.countsOutputs = countsOutputs;
  }

  static Initializer random(String name, long seed, Spread spread, boolean countsOutputs) {
    return new Initializer(name + "(" + seed + ")", spread, seed, 0, countsOutputs);
  }

  static Initializer constant(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "a weight is a finite number, got " + value + ": write for example constant(0.1)");
    }
    return new Initializer("constant(" + Digits.of(value) + ")", Spread.CONSTANT, 0, value, false);
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
          "a layer has at least 1 input and 1 neuron, got %d and %d: write for example layer(784, 128)"
              .formatted(inputs, neurons));
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

  Spread spread() {
    return spread;
  }

  private double variance(int ins, int outs) {
    if (spread == Spread.CONSTANT) {
      return 0;
    }
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
    double deviation = Math.sqrt(variance(ins, outs));
    switch (spread) {
      case CONSTANT -> Arrays.fill(parameters, offset, offset + count, value);
      case UNIFORM -> uniform(parameters, offset, count, Math.sqrt(3) * deviation, stream);
      case NORMAL -> normal(parameters, offset, count, deviation, stream);
    }
  }

  private void uniform(double[] parameters, int offset, int count, double limit, String stream) {
    var random = new RandomStreams(seed).named(stream);
    for (int i = 0; i < count; i++) {
      parameters[offset + i] = limit * (2 * random.nextDouble() - 1);
    }
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
    return text;
  }
}
