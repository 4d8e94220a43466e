package weft.nn;

import static weft.nn.Activations.relu;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.sgd;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A step of the smallest network, one sample at a time: what the loop costs around the numbers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SmallStepBenchmark {
  private static final int ROWS = 4_000;
  private static final int EPOCHS = 100;

  private final BatchTraining job =
      Network.inputs(2)
          .dense(2, relu())
          .weights(0.5, 0.5, 1.0, 1.0)
          .biases(0.0, 0.5)
          .dense(1, relu())
          .weights(1.0, 1.0)
          .loss(squaredError())
          .train(sgd(0.001))
          .on(rows())
          .batch(1)
          .epochs(EPOCHS);

  private static Dataset rows() {
    double[][] inputs = new double[ROWS][];
    double[][] targets = new double[ROWS][];
    for (int i = 0; i < ROWS; i++) {
      inputs[i] = new double[] {i % 2, i / 2 % 2};
      targets[i] = new double[] {1 + inputs[i][0] - 0.5 * inputs[i][1]};
    }
    return Dataset.of(inputs, targets);
  }

  /** A run of many steps. */
  @Benchmark
  @OperationsPerInvocation(ROWS * EPOCHS)
  public TrainingRun steps() {
    return job.run();
  }
}
