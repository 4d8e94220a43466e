package weft.nn;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.Team;
import weft.report.Digits;
import weft.units.Check;

/**
 * One worker's own copy of a network in training: parameters, gradient and the optimiser's memory,
 * all mutable. For one thread at a time; the network it was made of is left as it is.
 *
 * <pre>{@code
 * var replica = Replica.of(net, sgd(0.1));
 * double loss = replica.backward(data, rows, 0, rows.length, rows.length) / rows.length;
 * replica.step();
 * }</pre>
 */
public final class Replica {
  /** A loss this many times the first one will not come back. */
  static final double DIVERGED = 1e9;

  /** A gradient that overflows below this loss scale is itself beyond 10^9. */
  private static final double LEAST_SCALE = 0x1p-14;

  private final Network network;
  private final Optimizer optimizer;
  private final Updater updater;
  private Engine engine;
  private @Nullable Dataset fitting;
  private double first = Double.NaN;
  private int steps;

  private Replica(Network network, Optimizer optimizer, Engine engine, Updater updater) {
    this.network = network;
    this.optimizer = optimizer;
    this.engine = engine;
    this.updater = updater;
  }

  /** A copy of the network's parameters, in its precision, and an optimiser at its beginning. */
  public static Replica of(Network network, Optimizer optimizer) {
    Check.notNull("a network", network, "complete one by loss(...)");
    Check.notNull("an optimiser", optimizer, "write for example sgd(0.1)");
    return of(network, optimizer, Team.ALONE);
  }

  /** Likewise, its layers' work shared by a team, which changes no bit. */
  static Replica of(Network network, Optimizer optimizer, Team team) {
    try {
      return new Replica(
          network,
          optimizer,
          Engine.of(network, network.precision(), 1, Engine.Use.LEARN, team),
          Updater.of(optimizer, network.precision(), network.layers()));
    } catch (OutOfMemoryError full) { // of a large array, so that there is memory to go on
      var memory = network.memory(1, optimizer);
      throw new IllegalArgumentException(
          "weights, gradient and optimiser of %d parameters take %s, but this Java may use %d bytes in all: use fewer neurons"
              .formatted(
                  network.parameters(),
                  memory.weights().plus(memory.gradients()).plus(memory.optimizerState()).decimal(),
                  Runtime.getRuntime().maxMemory()));
    }
  }

  /** Another with the same parameters and memory, which goes its own way from here. */
  Replica copy(Team team) {
    var copy = new Replica(network, optimizer, engine.copy(team), updater.copy());
    copy.steps = steps;
    copy.first = first;
    return copy;
  }

  /**
   * A replica that goes on where a checkpoint was made, with the same bits.
   *
   * @throws IllegalArgumentException if it was written with another network, precision or optimiser
   */
  public static Replica of(Network network, Optimizer optimizer, Checkpoint checkpoint) {
    return of(network, optimizer, checkpoint, Team.ALONE);
  }

  static Replica of(Network network, Optimizer optimizer, Checkpoint checkpoint, Team team) {
    Check.notNull("a network", network, "complete one by loss(...)");
    Check.notNull("an optimiser", optimizer, "write for example sgd(0.1)");
    Check.notNull("a checkpoint", checkpoint, "write Checkpoint.load(Path.of(...))");
    checkpoint.checkContinues(network, optimizer);
    var replica = of(checkpoint.network(network), optimizer, team);
    checkpoint.restore(network, replica.engine, replica.updater);
    replica.steps = checkpoint.step();
    replica.first = checkpoint.firstLoss();
    return replica;
  }

  /**
   * Forward and backward pass over some rows: the gradient buffer is overwritten with the sum of
   * these samples' gradients divided by {@code globalBatch}, so that the buffers of all workers of
   * a batch add up to the gradient of its mean loss.
   *
   * @param rows row numbers of {@code data}
   * @param from first index into {@code rows}
   * @param to one past the last index; equal to {@code from} leaves a gradient of 0
   * @param globalBatch samples of the whole batch over all workers
   * @return the sum, not the mean, of these samples' losses
   * @throws IllegalArgumentException if data set and network do not fit, or a row does not exist
   * @throws ArithmeticException if the loss is no number or 10^9 times the first: the training
   *     diverged
   */
  public double backward(Dataset data, int[] rows, int from, int to, int globalBatch) {
    return backward(data, rows, from, to, globalBatch, 1);
  }

  /**
   * The same in so many parts, one after the other, whose gradients are added up.
   *
   * @param parts at least 1; where there are fewer rows, each is a part
   */
  public double backward(Dataset data, int[] rows, int from, int to, int globalBatch, int parts) {
    Check.notNull("a data set", data, "write for example Datasets.digits().train()");
    Check.notNull("row numbers", rows, "give the numbers of the rows of a batch");
    if (from < 0 || to < from || to > rows.length || globalBatch < Math.max(1, to - from)) {
      throw new IllegalArgumentException(
          "a share of a batch is rows[from, to) of at most the whole batch, got [%d, %d) of %s and a batch of %d: write for example backward(data, rows, 0, rows.length, rows.length)"
              .formatted(from, to, Digits.counted(rows.length, "row"), globalBatch));
    }
    Check.atLeast(1, "parts", parts, "1 computes all rows at once");
    if (data != fitting) {
      network.checkFits(data, to - from);
      fitting = data;
    }
    if (to == from) {
      engine.clearGradient();
      return 0;
    }
    for (int i = from; i < to; i++) {
      Check.index("row", rows[i], data.size());
    }
    return passes(data, rows, from, to, globalBatch, parts);
  }

  /** {@link #backward} over at least one row, of data that fit. */
  double passes(Dataset data, int[] rows, int from, int to, int globalBatch, int parts) {
    int count = to - from;
    int passes = Math.min(parts, count);
    double loss = 0;
    int begin = from;
    for (int part = 1; part <= passes; part++) {
      int end = from + (int) ((long) part * count / passes);
      loss += pass(data, rows, begin, end, globalBatch, part > 1);
      begin = end;
    }
    return loss;
  }

  private double pass(Dataset data, int[] rows, int from, int to, int globalBatch, boolean adding) {
    int count = to - from;
    if (count > engine.rows()) {
      engine = engine.resized(count);
    }
    engine.load(data, rows, from, to);
    engine.forward(count, true, steps, from);
    double loss = engine.loss(count);
    engine.backward(count, 1.0 / globalBatch, adding);
    if (Double.isNaN(first)) {
      first = loss / count;
    }
    if (!Double.isFinite(loss) || loss > DIVERGED * Math.max(first, 1e-9) * count) {
      throw diverged(loss / count);
    }
    return loss;
  }

  private ArithmeticException diverged(double loss) {
    if (steps > 0) {
      return new ArithmeticException(
          "the loss is %s after %s: %s"
              .formatted(Digits.of(loss), Digits.counted(steps, "step"), optimizer.calmer()));
    }
    return new ArithmeticException(
        "the loss is %s before the first step, so data or weights are too large for %s: learn data.standardized(), or draw smaller weights%s"
            .formatted(
                Digits.of(loss),
                network.precision(),
                network.precision().bytes() < Float.BYTES
                    ? ", or write precision(Precision.FLOAT32)"
                    : ""));
  }

  /** An engine for forward passes with this replica's parameters, whatever they become. */
  Engine evaluating(int rows) {
    return engine.evaluating(rows);
  }

  /** The gradient buffer itself, not a copy: what is written to its array is what a step uses. */
  public Gradient gradient() {
    return engine.gradient();
  }

  /** Steps so far, those skipped by a loss scale included. */
  public int steps() {
    return steps;
  }

  /** The learning rate of the next step, by the optimiser's schedule. */
  public double rate() {
    return updater.rate();
  }

  /**
   * By what the loss is multiplied before the backward pass so that FLOAT16 holds its gradients.
   */
  public double lossScale() {
    return engine.lossScale();
  }

  /** Everything that {@link #of(Network, Optimizer, Checkpoint)} needs to go on from here. */
  public Checkpoint checkpoint() {
    return Checkpoint.of(network, engine, updater, steps, first);
  }

  /**
   * Applies the optimiser with the present content of the gradient buffer. In FLOAT16 a gradient
   * that has overflowed only halves the loss scale.
   *
   * @throws ArithmeticException if gradients overflow however small the loss scale: the training
   *     diverged
   */
  public void step() {
    engine.update(updater);
    steps++;
    if (engine.lossScale() < LEAST_SCALE) {
      throw new ArithmeticException(
          "gradients overflow %s after %s, even of a loss multiplied by %s: %s"
              .formatted(
                  network.precision(),
                  Digits.counted(steps, "step"),
                  Digits.of(engine.lossScale()),
                  optimizer.calmer()));
    }
  }

  /**
   * The network with the present parameters; later steps do not change it.
   *
   * @throws ArithmeticException if a parameter is no finite number: the training diverged
   */
  public Network network() {
    if (!engine.isFinite()) {
      throw new ArithmeticException(
          "not every parameter is a number after %s: %s"
              .formatted(Digits.counted(steps, "step"), optimizer.calmer()));
    }
    return network.trainedBy(engine);
  }

  /** A copy of the present parameters, in the order of the gradient. */
  public double[] parameters() {
    return engine.parameters();
  }

  /**
   * Goes on with these parameters, rounded to its precision; the optimiser's memory, batch
   * normalisation's statistics and the count of steps stay.
   *
   * @throws IllegalArgumentException if there are not as many
   */
  public void parameters(double[] values) {
    Check.notNull("parameters", values, "give what parameters() of another replica returned");
    if (values.length != gradient().size()) {
      throw new IllegalArgumentException(
          "a replica of this network has %d parameters, but was given %d: give what parameters() of another replica of it returned"
              .formatted(gradient().size(), values.length));
    }
    for (int i = 0; i < values.length; i++) {
      engine.parameter(i, values[i]);
    }
  }

  /** Goes on with another replica's parameters, as its next step; otherwise it stays itself. */
  public void follow(Replica leader) {
    Check.notNull("another replica", leader, "give what Replica.of returned");
    parameters(leader.parameters());
    steps = leader.steps;
  }

  /** Whether both replicas' parameters are equal bit for bit. */
  public boolean sameParameters(Replica other) {
    Check.notNull("another replica", other, "give what Replica.of returned");
    return Arrays.equals(engine.parameters(), other.engine.parameters());
  }
}
