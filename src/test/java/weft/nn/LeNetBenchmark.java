package weft.nn;

import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.sgd;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import weft.sim.RandomStreams;

/** Training steps a second of LeNet-5 with ReLU and max pooling on batches of 64 random images. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LeNetBenchmark {
  private static final int BATCH = 64;
  private static final int PIXELS = 28 * 28;

  private final Dataset data = random();
  private final int[] rows = IntStream.range(0, BATCH).toArray();
  private final Replica replica = Replica.of(leNet(), sgd(0.1));

  /** LeCun et al., Proc. IEEE 1998, with today's activations. */
  static Network leNet() {
    return Network.images(1, 28, 28)
        .conv2d(6, 5, relu())
        .padding(2)
        .maxPool(2)
        .conv2d(16, 5, relu())
        .maxPool(2)
        .flatten()
        .dense(120, relu())
        .dense(84, relu())
        .dense(10, softmax())
        .loss(crossEntropy());
  }

  private static Dataset random() {
    RandomGenerator draw = new RandomStreams(1).named("images");
    float[] values = new float[BATCH * PIXELS];
    for (int i = 0; i < values.length; i++) {
      values[i] = draw.nextFloat();
    }
    int[] labels = IntStream.range(0, BATCH).map(i -> draw.nextInt(10)).toArray();
    List<String> pixels = IntStream.range(0, PIXELS).mapToObj(i -> "pixel " + i).toList();
    List<String> classes = IntStream.range(0, 10).mapToObj(String::valueOf).toList();
    return new Dataset("random images", "Uniform noise.", pixels, classes, values, labels);
  }

  /** Forward, backward, step. */
  @Benchmark
  public double step() {
    double loss = replica.backward(data, rows, 0, BATCH, BATCH);
    replica.step();
    return loss;
  }
}
