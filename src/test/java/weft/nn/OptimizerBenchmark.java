package weft.nn;

import static weft.nn.Activations.relu;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.adam;
import static weft.nn.Optimizers.lamb;
import static weft.nn.Optimizers.sgd;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One update of 801,000 parameters in single precision. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class OptimizerBenchmark {
  /** Which rule. */
  @Param({"sgd", "momentum", "adam", "lamb", "adam, clipped"})
  public String rule = "sgd";

  private final Network network = Network.inputs(800).dense(1000, relu()).loss(squaredError());
  private final float[] parameters = new float[network.parameters()];
  private final float[] gradient = new float[network.parameters()];
  private Updater updater = updater("sgd");

  private Updater updater(String name) {
    Optimizer optimizer =
        switch (name) {
          case "sgd" -> sgd(0.001);
          case "momentum" -> sgd(0.001).momentum(0.9);
          case "adam" -> adam(0.001);
          case "lamb" -> lamb(0.001);
          default -> adam(0.001).clipNorm(1);
        };
    return Updater.of(optimizer, Precision.FLOAT32, network.layers());
  }

  /** A fresh updater of the rule. */
  @Setup
  public void begin() {
    updater = updater(rule);
    Arrays.fill(gradient, 0.01f);
  }

  /** One step. */
  @Benchmark
  public float[] step() {
    updater.step(parameters, gradient);
    return parameters;
  }
}
