package weft.nn;

import java.util.Arrays;
import java.util.List;
import weft.nn.compute.Team;
import weft.report.Digits;
import weft.sim.Interruption;
import weft.units.Check;

/**
 * Learning from a few samples given by hand, in double precision, all of them in every step:
 *
 * <pre>{@code
 * net.train(sgd(0.01)).on(inputs(1, 0).target(2)).untilLossBelow(1e-6)
 * }</pre>
 *
 * <p>An immutable value: each call of {@link #untilLossBelow} trains anew from the same network.
 */
public final class SampleTraining {
  /** When to give up: {@value}. */
  public static final int DEFAULT_ITERATIONS = 100_000;

  private final Network network;
  private final Optimizer optimizer;
  private final List<Sample> samples;
  private final int limit;

  SampleTraining(Network network, Optimizer optimizer) {
    this(network, optimizer, List.of(), DEFAULT_ITERATIONS);
  }

  private SampleTraining(Network network, Optimizer optimizer, List<Sample> samples, int limit) {
    this.network = network;
    this.optimizer = optimizer;
    this.samples = samples;
    this.limit = limit;
  }

  /** The samples to learn; the loss is the mean of theirs. */
  public SampleTraining on(Sample... given) {
    Check.noneNull("samples", given, "write for example inputs(1, 0).target(2)");
    if (given.length == 0) {
      throw new IllegalArgumentException(
          "on(...) takes at least one sample: write for example on(inputs(1, 0).target(2))");
    }
    return new SampleTraining(network, optimizer, List.of(given), limit);
  }

  /** Learning from a data set instead, batch by batch. */
  public BatchTraining on(Dataset data) {
    Check.notNull("a data set", data, "write for example Datasets.digits().train()");
    return new BatchTraining(network, optimizer, data);
  }

  /** How many steps to take at most; {@link #DEFAULT_ITERATIONS} otherwise. */
  public SampleTraining atMost(int iterations) {
    if (iterations < 1) {
      throw new IllegalArgumentException(
          "training takes at least 1 step, got " + iterations + ": write for example atMost(1000)");
    }
    return new SampleTraining(network, optimizer, samples, iterations);
  }

  /**
   * Trains until the mean loss is below a threshold, or the steps are used up.
   *
   * @param threshold above 0
   * @throws IllegalStateException if there are no samples
   * @throws ArithmeticException if the loss grows without bound
   */
  public Convergence untilLossBelow(double threshold) {
    if (!(threshold > 0)) {
      throw new IllegalArgumentException(
          "a loss threshold is above 0, got " + threshold + ": try untilLossBelow(1e-6)");
    }
    if (samples.isEmpty()) {
      throw new IllegalStateException(
          "training needs samples: write train(...).on(inputs(1, 0).target(2))");
    }
    var engine =
        Engine.of(network, Precision.FLOAT64, samples.size(), Engine.Use.LEARN, Team.ALONE);
    for (int i = 0; i < samples.size(); i++) {
      engine.load(i, samples.get(i).inputsFor(network), samples.get(i).targetFor(network));
    }
    return run(engine, threshold);
  }

  /**
   * Trains for a number of steps and tells how each parameter moved; fewer if the loss becomes 0.
   *
   * @param iterations at least 1
   * @throws IllegalStateException if there are no samples
   * @throws ArithmeticException if the loss grows without bound
   */
  public ParameterTrace trace(int iterations) {
    return atMost(iterations).untilLossBelow(Double.MIN_VALUE).trace();
  }

  private Convergence run(Engine engine, double threshold) {
    var updater = Updater.of(optimizer, Precision.FLOAT64, network.layers());
    var log = new LossLog(network.parameters());
    double first = Double.NaN;
    int stillSince = Convergence.MOVING;
    for (int iteration = 0; ; iteration++) {
      Interruption.check("training, iteration " + iteration);
      engine.forward(samples.size(), true, iteration, 0);
      double loss = engine.loss(samples.size()) / samples.size();
      first = iteration == 0 ? loss : first;
      requireConverging(loss, first, iteration);
      boolean done = loss < threshold || iteration == limit;
      log.add(iteration, loss, engine.parameters(), done);
      if (done) {
        var trained = network.trainedBy(engine);
        return new Convergence(
            network, trained, optimizer, threshold, iteration, loss, samples, stillSince, log);
      }
      engine.backward(samples.size(), 1.0 / samples.size(), false);
      double[] before = engine.parameters();
      engine.update(updater);
      if (!Arrays.equals(before, engine.parameters())) {
        stillSince = Convergence.MOVING;
      } else if (stillSince == Convergence.MOVING) {
        stillSince = iteration;
      }
    }
  }

  private void requireConverging(double loss, double first, int iteration) {
    if (iteration == 0 && !Double.isFinite(loss)) {
      throw new ArithmeticException(
          "the loss is %s before the first step, so samples or weights are too large: give smaller ones"
              .formatted(Digits.of(loss)));
    }
    if (!(loss <= Replica.DIVERGED * Math.max(first, 1e-9))) {
      throw new ArithmeticException(
          "training diverges: the loss was %s at first and is %s after %s: %s"
              .formatted(
                  Digits.of(first),
                  Digits.of(loss),
                  Digits.counted(iteration, "step"),
                  optimizer.calmer()));
    }
  }

  /** What is trained, on how many samples, and how. */
  @Override
  public String toString() {
    return "%s on %s by %s: untilLossBelow(1e-6) or trace(100) learns"
        .formatted(network, Digits.counted(samples.size(), "sample"), optimizer);
  }
}
