package weft.nn;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import weft.nn.compute.Peers;
import weft.report.Digits;
import weft.units.Check;

/**
 * One worker's part of a network in training: its parameters, their gradient and the optimiser's
 * memory of them, all mutable, and the activations of each micro-batch between its forward and its
 * backward pass. For one thread, which may wait for other workers in every call.
 */
public final class PartReplica {
  private final NetworkPart part;
  private final Optimizer optimizer;
  private final int rows;
  private final Updater updater;
  private final Engine first;
  private final ArrayDeque<Engine> free = new ArrayDeque<>();
  private final Map<Integer, Pass> begun = new HashMap<>();
  private int engines = 1;
  private int steps;
  private boolean adding;
  private boolean addingInParts;

  /** A micro-batch that went forward. */
  private record Pass(Engine engine, int count) {}

  PartReplica(NetworkPart part, Optimizer optimizer, int rows, Engine.Use use, Peers peers) {
    this.part = part;
    this.optimizer = optimizer;
    this.rows = rows;
    Network network = part.network();
    updater = part.stepping().updater(optimizer, network);
    first = Engine.of(network, rows, use, peers);
    free.add(first);
  }

  /**
   * The forward pass of some rows, whose activations are kept until {@link #backward}.
   *
   * @param microBatch a number that no other micro-batch under way has
   * @param indices row numbers of {@code data}
   * @param from first index into them
   * @param to one past the last
   * @return the sum of their losses; 0 if the loss is another part's
   * @throws ArithmeticException if it is not a number: the training diverged
   */
  public double forward(int microBatch, Dataset data, int[] indices, int from, int to) {
    int count = Check.atLeast(1, "rows of a micro-batch", to - from, "give one at least");
    Engine engine = free.isEmpty() ? another() : free.pop();
    begun.put(microBatch, new Pass(engine, count));
    engine.load(data, indices, from, to);
    engine.forward(count, true, steps, from);
    double loss = part.hasLoss() ? engine.loss(count) : 0;
    if (!Double.isFinite(loss)) {
      throw new ArithmeticException(
          "the loss is %s after %s: %s"
              .formatted(loss, Digits.counted(steps, "step"), optimizer.calmer()));
    }
    return loss;
  }

  private Engine another() {
    engines++;
    return first.resized(rows);
  }

  /**
   * The backward pass of rows that went forward: adds their gradient to that of this step.
   *
   * @param globalBatch samples of the whole batch, over whose losses the mean is taken
   */
  public void backward(int microBatch, int globalBatch) {
    Pass pass = Check.notNull("a pass", begun.remove(microBatch), "go forward first");
    pass.engine().backward(pass.count(), 1.0 / globalBatch, adding);
    adding = true;
    free.push(pass.engine());
  }

  /**
   * The part of {@link #backward} that the worker with the layers before waits for. For replicas
   * made by {@link NetworkPart#splitReplica}.
   */
  public void backwardToInputs(int microBatch, int globalBatch) {
    Pass pass = Check.notNull("a pass", begun.get(microBatch), "go forward first");
    pass.engine().backwardToInputs(pass.count(), 1.0 / globalBatch, addingInParts);
    addingInParts = true;
  }

  /** The rest of it, at any time afterwards: gradients of weights. */
  public void backwardToWeights(int microBatch) {
    Pass pass = Check.notNull("a pass", begun.remove(microBatch), "go forward first");
    pass.engine().backwardToWeights(pass.count(), adding);
    adding = true;
    free.push(pass.engine());
  }

  /** Applies the optimiser to the gradient of all micro-batches since the last step. */
  public void step() {
    part.stepping().step(first, updater);
    steps++;
    adding = false;
    addingInParts = false;
  }

  /** Bytes that this worker has in memory for its part. */
  public PartMemory memory() {
    int bytes = part.whole.precision().bytes();
    var held = first.held();
    boolean mastered = held.kept() > 0;
    return new PartMemory(
        (mastered ? held.kept() : held.parameters()) * bytes,
        held.gradient() * bytes,
        (updater.numbers() + (mastered ? held.parameters() : 0)) * bytes,
        held.shared() * bytes,
        held.activations() * engines * bytes,
        engines);
  }

  /**
   * Writes this part's parameters to their places in the whole network's.
   *
   * @param known where the place was written before by another worker, whose value must be the same
   * @throws IllegalStateException if workers that hold the same parameter do not agree on its bits
   */
  void copyTo(double[] values, boolean[] known) {
    double[] own = first.parameters();
    for (int i = 0; i < own.length; i++) {
      int to = part.origin[i];
      if (known[to] && Double.compare(values[to], own[i]) != 0) {
        throw new IllegalStateException(
            "two workers hold parameter %d, but one has %s and one %s: they did not learn the same"
                .formatted(to, values[to], own[i]));
      }
      values[to] = own[i];
      known[to] = true;
    }
  }

  /** The whole network, put together from the parts of all workers. */
  public static Network assembled(Network whole, Iterable<PartReplica> all) {
    double[] values = new double[whole.parameters()];
    double[] statistics = whole.statistics().clone();
    boolean[] known = new boolean[values.length];
    for (PartReplica replica : all) {
      replica.copyTo(values, known);
      double[] own = replica.first.statistics();
      System.arraycopy(own, 0, statistics, replica.part.statisticsFrom, own.length);
    }
    return whole.with(values, statistics);
  }
}
