package weft.nn;

import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.sgd;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/** One training step of a 64-128-10 network on a batch of 512 digits. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class TrainingStepBenchmark {
  /** How the batch is computed. */
  @Param({"FLOAT32", "FLOAT64", "BFLOAT16", "FLOAT16", "FLOAT8"})
  public Precision precision = Precision.FLOAT32;

  private final Dataset data = Datasets.digits().train();
  private final int[] rows = IntStream.range(0, 512).toArray();
  private Replica replica = Replica.of(network(Precision.FLOAT32), sgd(0.1));

  private static Network network(Precision precision) {
    return Network.inputs(64)
        .dense(128, relu())
        .dense(10, softmax())
        .init(he(1))
        .precision(precision)
        .loss(crossEntropy());
  }

  /** A fresh replica of the precision. */
  @Setup
  public void replica() {
    replica = Replica.of(network(precision), sgd(0.1).momentum(0.9));
  }

  /** Forward, backward, step. */
  @Benchmark
  public double step() {
    double loss = replica.backward(data, rows, 0, rows.length, rows.length);
    replica.step();
    return loss;
  }
}
