package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.identity;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.adam;
import static weft.nn.Optimizers.adamW;
import static weft.nn.Optimizers.lamb;
import static weft.nn.Optimizers.sgd;
import static weft.nn.Schedules.cosine;
import static weft.nn.Schedules.step;
import static weft.nn.Schedules.warmUp;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.apache.commons.math3.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import weft.sim.RandomStreams;

/** Optimisers do what PyTorch's documentation writes down, one parameter at a time. */
class OptimizersTest {
  /** 5 inputs and 3 neurons: a tensor of 15 weights, which decays, and one of 3 biases. */
  private static final Network NET = Network.inputs(5).dense(3, identity()).loss(squaredError());

  private static final int WEIGHTS = 15;
  private static final int COUNT = 18;

  /** One step written down by the documentation, on all parameters. */
  private interface Reference {
    void step(double[] w, double[] g, double rate, int t);
  }

  /** torch.optim.SGD, with dampening 0. */
  private static Reference sgdOf(double mu, boolean nesterov, double decay) {
    double[] b = new double[COUNT];
    return (w, g, rate, t) -> {
      for (int i = 0; i < COUNT; i++) {
        double gradient = g[i] + decay * w[i];
        b[i] = t == 1 ? gradient : mu * b[i] + gradient;
        w[i] -= rate * (nesterov ? gradient + mu * b[i] : mu == 0 ? gradient : b[i]);
      }
    };
  }

  /** torch.optim.Adam and AdamW, with amsgrad and maximize off. */
  private static Reference adamOf(
      double beta1, double beta2, double eps, double decay, boolean decoupled) {
    double[] m = new double[COUNT];
    double[] v = new double[COUNT];
    return (w, g, rate, t) -> {
      for (int i = 0; i < COUNT; i++) {
        double gradient = decoupled ? g[i] : g[i] + decay * w[i];
        if (decoupled) {
          w[i] -= rate * decay * w[i];
        }
        m[i] = beta1 * m[i] + (1 - beta1) * gradient;
        v[i] = beta2 * v[i] + (1 - beta2) * gradient * gradient;
        double mHat = m[i] / (1 - Math.pow(beta1, t));
        double vHat = v[i] / (1 - Math.pow(beta2, t));
        w[i] -= rate * mHat / (Math.sqrt(vHat) + eps);
      }
    };
  }

  /** You et al. 2020, algorithm 2, with φ(z) = z. */
  private static Reference lambOf(double beta1, double beta2, double eps, double decay) {
    double[] m = new double[COUNT];
    double[] v = new double[COUNT];
    return (w, g, rate, t) -> {
      double[] r = new double[COUNT];
      double weights = 0;
      double change = 0;
      for (int i = 0; i < COUNT; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        double mHat = m[i] / (1 - Math.pow(beta1, t));
        double vHat = v[i] / (1 - Math.pow(beta2, t));
        r[i] = mHat / (Math.sqrt(vHat) + eps) + (i < WEIGHTS ? decay * w[i] : 0);
        weights += i < WEIGHTS ? w[i] * w[i] : 0;
        change += i < WEIGHTS ? r[i] * r[i] : 0;
      }
      for (int i = 0; i < COUNT; i++) {
        w[i] -= rate * (i < WEIGHTS ? Math.sqrt(weights) / Math.sqrt(change) : 1) * r[i];
      }
    };
  }

  private static Arguments of(Optimizer optimizer, Reference reference) {
    return of(optimizer, reference, t -> optimizer.rate());
  }

  private static Arguments of(Optimizer optimizer, Reference reference, IntToDoubleFunction rate) {
    return Arguments.of(optimizer, reference, rate);
  }

  static Stream<Arguments> optimizers() {
    return Stream.of(
        of(sgd(0.1), sgdOf(0, false, 0)),
        of(sgd(0.1).weightDecay(1e-2), sgdOf(0, false, 1e-2)),
        of(sgd(0.1).weightDecay(1e-4).momentum(0.9), sgdOf(0.9, false, 1e-4)),
        of(sgd(0.1).momentum(0.9).nesterov().weightDecay(0.3), sgdOf(0.9, true, 0.3)),
        of(adam(0.01), adamOf(0.9, 0.999, 1e-8, 0, false)),
        of(adam(0.01).weightDecay(0.1).betas(0.8, 0.99), adamOf(0.8, 0.99, 1e-8, 0.1, false)),
        of(adam(0.01).epsilon(1e-3).betas(0, 0), adamOf(0, 0, 1e-3, 0, false)),
        of(adamW(0.01), adamOf(0.9, 0.999, 1e-8, 0.01, true)),
        of(adamW(0.01).weightDecay(0.5), adamOf(0.9, 0.999, 1e-8, 0.5, true)),
        of(lamb(0.01), lambOf(0.9, 0.999, 1e-6, 0.01)),
        of(lamb(0.01).weightDecay(0), lambOf(0.9, 0.999, 1e-6, 0)),
        of(
            sgd(0.1).momentum(0.5).schedule(step(3, 0.5)),
            sgdOf(0.5, false, 0),
            t -> 0.1 * (t <= 3 ? 1 : t <= 6 ? 0.5 : t <= 9 ? 0.25 : 0.125)),
        of(
            adamW(0.1).schedule(warmUp(4).then(cosine(20))),
            adamOf(0.9, 0.999, 1e-8, 0.01, true),
            t -> t <= 4 ? 0.1 * t / 4 : 0.05 * (1 + Math.cos(Math.PI * (t - 5) / 20))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("optimizers")
  void tenUpdatesAreThoseOfTheFormula(
      Optimizer optimizer, Reference reference, IntToDoubleFunction rate) {
    var random = new RandomStreams(5).named("optimizers");
    double[] expected = gaussians(random, 0.5);
    double[] w = expected.clone();
    float[] single = floats(w);
    var updater = Updater.of(optimizer, Precision.FLOAT64, NET.layers());
    var singles = Updater.of(optimizer, Precision.FLOAT32, NET.layers());
    for (int t = 1; t <= 10; t++) {
      double[] g = gaussians(random, 0.1 * t);
      reference.step(expected, g, rate.applyAsDouble(t), t);
      singles.step(single, floats(g));
      updater.step(w, g.clone());
    }
    assertArrayEquals(expected, w, 1e-12);
    assertArrayEquals(floats(expected), single, 2e-6f);
  }

  private static double[] gaussians(RandomGenerator random, double size) {
    double[] values = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      values[i] = size * random.nextGaussian();
    }
    return values;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** The published first steps of Adam: each parameter moves by the rate, whatever its gradient. */
  @Test
  void adamsFirstStepIsTheRate() {
    double[] w = new double[COUNT];
    double[] g = gaussians(new RandomStreams(6).named("optimizers"), 1e3);
    Updater.of(adam(0.25), Precision.FLOAT64, NET.layers()).step(w, g.clone());
    for (int i = 0; i < COUNT; i++) {
      assertEquals(-0.25 * Math.signum(g[i]), w[i], 1e-9);
    }
  }

  @Test
  void aLongGradientIsScaledToTheLimitAndAShortOneLeft() {
    double[] w = new double[COUNT];
    double[] g = new double[COUNT];
    g[0] = 3;
    g[17] = 4;
    var clipped = Updater.of(sgd(1).clipNorm(1), Precision.FLOAT64, NET.layers());
    clipped.step(w, g.clone());
    assertEquals(-3 / (5 + 1e-6), w[0], 1e-15);
    assertEquals(-4 / (5 + 1e-6), w[17], 1e-15);
    double[] left = new double[COUNT];
    Updater.of(sgd(1).clipNorm(6), Precision.FLOAT64, NET.layers()).step(left, g.clone());
    assertEquals(-3, left[0]);
  }

  @Test
  void lambMovesATensorOfZeroesByAdamsStep() {
    double[] w = new double[COUNT];
    double[] g = gaussians(new RandomStreams(6).named("optimizers"), 1e3);
    Updater.of(lamb(0.25), Precision.FLOAT64, NET.layers()).step(w, g.clone());
    assertEquals(0.25, Math.abs(w[0]), 1e-6);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("optimizers")
  void aCopyGoesOnAlikeAndItsOwnWay(Optimizer optimizer) {
    for (Precision precision : List.of(Precision.FLOAT64, Precision.FLOAT32)) {
      double[] g = gaussians(new RandomStreams(7).named("optimizers"), 1);
      var updater = Updater.of(optimizer, precision, NET.layers());
      double[] w = new double[COUNT];
      float[] single = new float[COUNT];
      Runnable first = () -> update(updater, precision, w, single, g);
      first.run();
      var copy = updater.copy();
      double[] w2 = w.clone();
      float[] single2 = single.clone();
      update(copy, precision, w2, single2, g);
      first.run();
      assertArrayEquals(w, w2);
      assertArrayEquals(single, single2);
    }
  }

  private static void update(
      Updater updater, Precision precision, double[] w, float[] single, double[] g) {
    if (precision == Precision.FLOAT64) {
      updater.step(w, g.clone());
    } else {
      updater.step(single, floats(g));
    }
  }

  @Test
  void optimisersAreWrittenAsInACell() {
    assertEquals(
        List.of(
            "sgd(0.1).momentum(0.9).nesterov().weightDecay(0.0001).clipNorm(1)",
            "adam(0.001).betas(0.8, 0.999).epsilon(1e-6)",
            "adamW(0.001)",
            "adamW(0.001).weightDecay(0)",
            "lamb(0.01).weightDecay(0.1).schedule(warmUp(10).then(cosine(100, 0.1)))",
            "sgd(0.12345678901234568)"),
        Stream.of(
                sgd(0.1).weightDecay(1e-4).momentum(0.9).clipNorm(1).nesterov(),
                adam(0.001).betas(0.8, 0.999).epsilon(1e-6),
                adamW(0.001),
                adamW(0.001).weightDecay(0),
                lamb(0.01).weightDecay(0.1).schedule(warmUp(10).then(cosine(100, 0.1))),
                sgd(0.12345678901234568))
            .map(Optimizer::toString)
            .toList());
    assertEquals(
        List.of(0, 1, 2, 2),
        Stream.of(sgd(1), sgd(1).momentum(0.5), adam(1), lamb(1))
            .map(Optimizer::memoryPerParameter)
            .toList());
  }

  @Test
  void argumentsThatMakeNoSenseAreRefused() {
    assertEquals(
        "a learning rate is a number above 0, got 0.0: try sgd(0.01)", Refusal.of(() -> sgd(0)));
    assertEquals(
        "a learning rate is a number above 0, got NaN: try adamW(0.001)",
        Refusal.of(() -> adamW(Double.NaN)));
    assertEquals(
        "momentum is at least 0 and below 1, got 1.0: try momentum(0.9)",
        Refusal.of(() -> sgd(1).momentum(1)));
    assertEquals(
        "Nesterov's method looks ahead along the momentum, got a momentum of 0: write"
            + " sgd(0.1).momentum(0.9).nesterov()",
        Refusal.of(() -> sgd(1).nesterov()));
    assertEquals(
        "each beta is at least 0 and below 1, got 1.0: try betas(0.9, 0.999)",
        Refusal.of(() -> adam(1).betas(0.9, 1)));
    assertEquals(
        "epsilon keeps a division from 0 and is above it, got 0.0: try epsilon(1e-8)",
        Refusal.of(() -> adam(1).epsilon(0)));
    assertEquals(
        "weight decay is a number of at least 0, got -1.0: try weightDecay(1e-4)",
        Refusal.of(() -> lamb(1).weightDecay(-1)));
    assertEquals(
        "the gradient's norm is clipped to a number above 0, got 0.0: try clipNorm(1)",
        Refusal.of(() -> sgd(1).clipNorm(0)));
  }

  @Test
  void adviceNamesTheOptimiser() {
    assertEquals(
        "the learning rate 0.1 is probably too large, try adamW(0.01)", adamW(0.1).calmer());
  }

  @Test
  void aStepAllocatesNothing() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var net = Network.inputs(100).dense(100, identity()).loss(squaredError());
    float[] w = new float[net.parameters()];
    float[] g = new float[net.parameters()];
    g[3] = 1;
    for (Optimizer optimizer :
        List.of(sgd(0.1).momentum(0.9).nesterov(), adam(0.1), lamb(0.1).schedule(cosine(99)))) {
      var updater = Updater.of(optimizer.clipNorm(1), Precision.FLOAT32, net.layers());
      for (int i = 0; i < 200; i++) {
        updater.step(w, g);
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 100; i++) {
        updater.step(w, g);
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(allocated < 100 * 1024, optimizer + " allocated " + allocated);
    }
  }
}
