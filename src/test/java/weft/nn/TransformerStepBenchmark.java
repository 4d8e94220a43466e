package weft.nn;

import static weft.nn.Activations.gelu;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.softmax;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.sgd;

import java.util.Random;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import weft.nn.compute.Team;

/** One training step of a decoder of four blocks, width 128, on 16 sequences of 128 tokens. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class TransformerStepBenchmark {
  private static final int VOCABULARY = 96;
  private static final int LENGTH = 128;
  private static final int BATCH = 16;

  /** How many threads share the work. */
  @Param("1")
  public int threads = 1;

  private final Network network = network();
  private final Dataset data = sequences();
  private final int[] rows = IntStream.range(0, BATCH).toArray();
  private final Updater updater = Updater.of(sgd(0.01), Precision.FLOAT32, network.layers());
  private Team team = Team.ALONE;
  private Engine engine = Engine.of(network, Precision.FLOAT32, 1, Engine.Use.LEARN, Team.ALONE);

  static Network network() {
    var builder = Network.tokens(VOCABULARY, LENGTH).embedding(128).positions();
    for (int i = 0; i < 4; i++) {
      builder =
          builder
              .residual(b -> b.layerNorm().causalAttention(4))
              .residual(b -> b.layerNorm().dense(512, gelu()).dense(128, identity()));
    }
    return builder.layerNorm().dense(VOCABULARY, softmax()).loss(crossEntropy());
  }

  private static Dataset sequences() {
    var random = new Random(1);
    float[] tokens = new float[BATCH * LENGTH];
    int[] next = new int[BATCH * LENGTH];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = random.nextInt(VOCABULARY);
      next[i] = random.nextInt(VOCABULARY);
    }
    return new Dataset(
        "tokens",
        "Drawn.",
        IntStream.range(0, LENGTH).mapToObj(String::valueOf).toList(),
        IntStream.range(0, VOCABULARY).mapToObj(String::valueOf).toList(),
        tokens,
        next,
        LENGTH);
  }

  /** A team of the wanted size, and an engine for it. */
  @Setup
  public void start() {
    team = Team.of(threads);
    engine = Engine.of(network, Precision.FLOAT32, BATCH, Engine.Use.LEARN, team);
  }

  /** Ends the team's threads. */
  @TearDown
  public void stop() {
    team.close();
  }

  /** Forward, backward, step. */
  @Benchmark
  public double step() {
    engine.load(data, rows, 0, BATCH);
    engine.forward(BATCH, true, 0, 0);
    double loss = engine.loss(BATCH);
    engine.backward(BATCH, 1.0 / BATCH, false);
    engine.update(updater);
    return loss;
  }
}
