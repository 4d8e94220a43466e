package weft.nn;

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
   * @param arguments the case, the seconds to spend, and optionally how many threads, 1 otherwise
   */
  public static void main(String[] arguments) {
    int threads = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
    try (var team = Team.of(threads)) {
      double speed = of(arguments[0], team).speed(Double.parseDouble(arguments[1]));
      System.out.printf("%.3f%n", speed);
    }
  }
}
