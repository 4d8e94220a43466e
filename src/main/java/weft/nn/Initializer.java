package weft.nn;

import org.apache.commons.math3.distribution.NormalDistribution;
import weft.sim.RandomStreams;

/** Where a layer's weights start; choose one with {@link Initializers}. */
public final class Initializer {
  private final String name;
  private final long seed;
  private final boolean countsOutputs;

  Initializer(String name, long seed, boolean countsOutputs) {
    this.name = name;
    this.seed = seed;
    this.countsOutputs = countsOutputs;
  }

  /**
   * Draws {@code count} weights in order. Every layer has its own stream of the seed, so that
   * changing one layer's width leaves the others' draws alone.
   */
  void draw(double[] parameters, int offset, int count, int ins, int outs, int layer) {
    double deviation = Math.sqrt(2.0 / (countsOutputs ? ins + outs : ins));
    var stream = new RandomStreams(seed).named("weights of layer " + layer);
    var normal = new NormalDistribution(stream, 0, deviation);
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
