package weft.nn;

import static weft.nn.Activations.gelu;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.sgd;

import java.util.List;
import java.util.stream.IntStream;
import weft.nn.compute.Team;
import weft.sim.RandomStreams;

/**
 * The training steps that {@code src/test/python/peer_training.py} does in PyTorch, one case a
 * call: prints steps a second on so many threads.
 */
public final class TrainingSpeed {
  private final Dataset data;
  private final int batch;
  private final int[] rows;
  private final Replica replica;
  private int at;

  private TrainingSpeed(Network network, Dataset data, int batch, double rate, Team team) {
    this.data = data;
    this.batch = batch;
    rows = IntStream.range(0, data.size()).toArray();
    replica = Replica.of(network, sgd(rate), team);
  }

  private static TrainingSpeed of(String name, Team team) {
    return switch (name) {
      case "mlp-64" -> new TrainingSpeed(mlp(), Datasets.mnist(), 64, 0.1, team);
      case "mlp-1024" -> new TrainingSpeed(mlp(), Datasets.mnist(), 1024, 0.1, team);
      case "lenet-64" -> new TrainingSpeed(lenet(), Datasets.mnist(), 64, 0.1, team);
      case "transformer-16" -> new TrainingSpeed(transformer(), characters(), 16, 0.01, team);
      case "tiny-1" -> new TrainingSpeed(tiny(), pairs(), 1, 0.001, team);
      default -> throw new IllegalArgumentException("no case " + name);
    };
  }

  private static Network mlp() {
    return Network.inputs(784)
        .dense(256, relu())
        .dense(128, relu())
        .dense(10, softmax())
        .loss(crossEntropy());
  }

  private static Network lenet() {
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

  private static Network transformer() {
    var layers = Network.tokens(96, 128).embedding(128).positions();
    for (int block = 0; block < 4; block++) {
      layers =
          layers
              .residual(inside -> inside.layerNorm().causalAttention(4))
              .residual(inside -> inside.layerNorm().dense(512, gelu()).dense(128, identity()));
    }
    return layers.layerNorm().dense(96, softmax()).loss(crossEntropy());
  }

  private static Dataset characters() {
    var random = new RandomStreams(1).named("characters");
    float[] tokens = new float[16 * 128];
    int[] next = new int[16 * 128];
    for (int i = 0; i < next.length; i++) {
      tokens[i] = random.nextInt(96);
      next[i] = random.nextInt(96);
    }
    return new Dataset("characters", "", names(128), names(96), tokens, next, 128);
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(String::valueOf).toList();
  }

  /** Seconds, and accuracy in the end, of the CNN that {@code peer_training.py} trains too. */
  private static String cnn(int threads) {
    var training = MnistCnn.training().threads(threads);
    long start = System.nanoTime();
    var run = training.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    return "%.2f %.4f".formatted(seconds, run.network().accuracy(MnistCnn.heldOut()));
  }

  private static Network tiny() {
    return Network.inputs(2).dense(2, relu()).dense(1, identity()).loss(squaredError());
  }

  private static Dataset pairs() {
    var random = new RandomStreams(1).named("pairs");
    float[] values = new float[128];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return new Dataset("pairs", "", List.of("x", "y"), List.of("1"), values, new int[64]);
  }

  private void step() {
    if (at + batch > rows.length) {
      at = 0;
    }
    replica.backward(data, rows, at, at + batch, batch);
    replica.step();
    at += batch;
  }

  /** Steps a second: the best of three measurements after warming up. */
  private double speed(double seconds) {
    measure(seconds / 2);
    double best = 0;
    for (int i = 0; i < 3; i++) {
      best = Math.max(best, measure(seconds / 3));
    }
    return best;
  }

  private double measure(double seconds) {
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    long steps = 0;
    while (System.nanoTime() < end) {
      step();
      steps++;
    }
    return steps * 1e9 / (System.nanoTime() - start);
  }

  /**
   * Measures one case.
   *
   * @param arguments the case, the seconds to spend, and optionally how many threads, 1 otherwise;
   *     the case {@code cnn} trains to the end and prints seconds and accuracy
   */
  public static void main(String[] arguments) {
    int threads = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
    if (arguments[0].equals("cnn")) {
      System.out.println(cnn(threads));
      return;
    }
    try (var team = Team.of(threads)) {
      double speed = of(arguments[0], team).speed(Double.parseDouble(arguments[1]));
      System.out.printf("%.3f%n", speed);
    }
  }
}
