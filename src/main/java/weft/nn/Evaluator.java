package weft.nn;

import java.util.stream.IntStream;
import weft.nn.compute.Team;
import weft.sim.Interruption;

/** Passes all rows of a data set forward and counts what comes out. */
final class Evaluator {
  /** Rows evaluated at once. */
  static final int ROWS = 128;

  /** Of a layer's outputs at once, 256 MiB in single precision. */
  private static final int MOST_NUMBERS = 1 << 26;

  private Evaluator() {}

  /** With threads on all cores. */
  static Evaluation of(Network network, Dataset data) {
    network.checkFits(data);
    try (var team = Team.ofAllCores()) {
      int rows = rows(network, data);
      return of(
          Engine.of(network, network.precision(), rows, Engine.Use.EVALUATE, team), network, data);
    }
  }

  /** How many rows to evaluate at once: {@link #ROWS}, unless they or the data are too large. */
  static int rows(Network network, Dataset data) {
    int widest = network.layers().stream().mapToInt(layer -> layer.out().size()).max().orElse(1);
    int room = MOST_NUMBERS / Math.max(widest, network.inputs());
    return Math.max(1, Math.min(Math.min(ROWS, room), data.size()));
  }

  /**
   * With an engine of the network's and data that fit.
   *
   * @throws java.util.concurrent.CancellationException if the reader interrupts
   */
  static Evaluation of(Engine engine, Network network, Dataset data) {
    int[] rows = IntStream.range(0, data.size()).toArray();
    var counts = new Evaluation.Counts(network, data);
    for (int at = 0; at < rows.length; at += engine.rows()) {
      Interruption.check("evaluating, row %d of %d".formatted(at, rows.length));
      int end = Math.min(rows.length, at + engine.rows());
      engine.load(data, rows, at, end);
      engine.forward(end - at);
      counts.addLoss(engine.loss(end - at));
      for (int row = at; row < end; row++) {
        counts.add(engine, row - at, row);
      }
    }
    return new Evaluation(counts);
  }
}
