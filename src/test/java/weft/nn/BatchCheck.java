package weft.nn;

import java.util.Arrays;
import org.apache.commons.math3.random.RandomGenerator;
import weft.nn.compute.Team;
import weft.sim.RandomStreams;

/** A network at work on a batch of random samples in training, in double precision. */
final class BatchCheck {
  /** Near the cube root of the rounding unit. */
  private static final double STEP = 1e-5;

  /** Smaller gradients are compared with this: rounding decides below. */
  private static final double FLOOR = 1e-2;

  private final Network network;
  private final int rows;
  private final Engine engine;

  BatchCheck(Network network, int rows, Precision precision, Team team) {
    this.network = network;
    this.rows = rows;
    engine = Engine.of(network, precision, rows, Engine.Use.LEARN, team);
    RandomGenerator draw = new RandomStreams(7).named("batch");
    for (int row = 0; row < rows; row++) {
      double[] in = numbers(draw, network.inputs());
      double[] out = new double[network.out().size()];
      out[draw.nextInt(out.length)] = 1;
      engine.load(row, in, out);
    }
  }

  private static double[] numbers(RandomGenerator draw, int count) {
    double[] numbers = new double[count];
    Arrays.setAll(numbers, i -> draw.nextGaussian());
    return numbers;
  }

  BatchCheck(Network network, int rows) {
    this(network, rows, Precision.FLOAT64, Team.ALONE);
  }

  Engine engine() {
    return engine;
  }

  /** One pass forward and backward: the gradient of the sum of the losses. */
  double[] gradient() {
    step();
    return engine.gradientCopy();
  }

  /** The same without a copy. */
  void step() {
    engine.forward(rows, true, 5, 0);
    engine.backward(rows, 1, false);
  }

  /** The largest difference between the chain rule and central differences, relative. */
  double worstError() {
    double[] gradient = gradient();
    double worst = 0;
    for (int i = 0; i < gradient.length; i++) {
      double difference = (lossWith(i, STEP) - lossWith(i, -STEP)) / (2 * STEP);
      double scale = Math.max(FLOOR, Math.max(Math.abs(gradient[i]), Math.abs(difference)));
      worst = Math.max(worst, Math.abs(gradient[i] - difference) / scale);
    }
    return worst;
  }

  private double lossWith(int parameter, double change) {
    double value = network.values()[parameter];
    engine.parameter(parameter, value + change);
    engine.forward(rows, true, 5, 0);
    engine.parameter(parameter, value);
    return engine.loss(rows);
  }

  /** All outputs of the batch, one sample after the other. */
  double[] outputs() {
    int width = network.out().size();
    double[] all = new double[rows * width];
    Arrays.setAll(all, i -> engine.output(i / width, i % width));
    return all;
  }
}
