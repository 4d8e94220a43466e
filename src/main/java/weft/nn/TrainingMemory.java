package weft.nn;

import java.util.List;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Numbers;
import weft.report.Tabular;
import weft.units.DataSize;

/**
 * What a training step keeps in memory and computes: weights, their gradient, what the optimiser
 * remembers, and the activations of a batch that the backward pass needs. In bfloat16, float16 and
 * float8 weights and activations are computed with in that many bits, while a master copy of the
 * weights, the gradient and the optimiser's memory stay float32: mixed precision (Micikevicius et
 * al., ICLR 2018, section 3.1). Working memory of the software that trains is not counted.
 */
public final class TrainingMemory implements Tabular {
  private final String network;
  private final List<LayerCost> costs;
  private final int batch;
  private final int memoryPerParameter;
  private final long inputBytes;
  private final int storedBytes;
  private final boolean mastered;

  private TrainingMemory(
      String network,
      List<LayerCost> costs,
      int batch,
      int memoryPerParameter,
      long inputBytes,
      Precision precision) {
    this.network = network;
    this.costs = costs;
    this.batch = batch;
    this.memoryPerParameter = memoryPerParameter;
    this.inputBytes = inputBytes;
    storedBytes = precision.stored().bytes();
    mastered = precision.stored() != precision;
  }

  static TrainingMemory of(Network network, int batch, Optimizer optimizer) {
    return new TrainingMemory(
        network.toString(),
        network.costs(),
        batch,
        optimizer.memoryPerParameter(),
        (long) network.inputs() * network.precision().bytes(),
        network.precision());
  }

  /** Of all weights and biases, in mixed precision with their master copy. */
  public DataSize weights() {
    return new DataSize(costs.stream().mapToLong(this::weights).sum());
  }

  private long weights(LayerCost cost) {
    return cost.weightBytes() + (mastered ? stored(cost) : 0);
  }

  /** As many numbers as a layer has parameters, as they are kept. */
  private long stored(LayerCost cost) {
    return (long) cost.count() * storedBytes;
  }

  /** Of their gradient. */
  public DataSize gradients() {
    return new DataSize(costs.stream().mapToLong(this::stored).sum());
  }

  /** Of what the optimiser remembers between steps. */
  public DataSize optimizerState() {
    return new DataSize(gradients().bytes() * memoryPerParameter);
  }

  /**
   * Of the inputs and all that each layer's forward pass leaves for its backward pass, as {@link
   * LayerCost#keptBytes} counts it, for the whole batch.
   */
  public DataSize activations() {
    long sample = inputBytes + costs.stream().mapToLong(LayerCost::keptBytes).sum();
    return new DataSize(Math.multiplyExact(sample, batch));
  }

  /** All of it. */
  public DataSize total() {
    return weights().plus(gradients()).plus(optimizerState()).plus(activations());
  }

  /**
   * Floating-point operations of a step: forward and backward pass of the batch, matrix products
   * alone, as {@link LayerCost} counts them.
   */
  public long flops() {
    long sample = costs.stream().mapToLong(c -> c.forwardFlops() + c.backwardFlops()).sum();
    return Math.multiplyExact(sample, batch);
  }

  /** How many samples the batch has. */
  public int batch() {
    return batch;
  }

  /** A row a layer and one for the sum; work is that of the whole batch. */
  @Override
  public Table table() {
    var layer = StringColumn.create("layer");
    var columns =
        List.of(
            LongColumn.create("parameters"),
            LongColumn.create("weights (B)"),
            LongColumn.create("gradient (B)"),
            LongColumn.create("optimiser (B)"),
            LongColumn.create("activations (B)"));
    var forward = Numbers.column("forward pass (MFLOP)");
    var backward = Numbers.column("backward pass (MFLOP)");
    layer.append("inputs");
    append(columns, 0, 0, 0, 0, inputBytes * batch);
    forward.append(0.0);
    backward.append(0.0);
    for (LayerCost cost : costs) {
      layer.append(cost.name());
      append(
          columns,
          cost.count(),
          weights(cost),
          stored(cost),
          stored(cost) * memoryPerParameter,
          cost.keptBytes() * batch);
      forward.append(cost.forwardFlops() * (double) batch / 1e6);
      backward.append(cost.backwardFlops() * (double) batch / 1e6);
    }
    layer.append("sum");
    columns.forEach(column -> column.append((long) column.sum()));
    forward.append(forward.sum());
    backward.append(backward.sum());
    var table = Table.create("A training step with a batch of " + batch, layer);
    columns.forEach(table::addColumns);
    return table.addColumns(forward, backward);
  }

  private static void append(List<LongColumn> columns, long... values) {
    for (int i = 0; i < values.length; i++) {
      columns.get(i).append(values[i]);
    }
  }

  /** The sum and its parts in a sentence. */
  public String sentence() {
    return "%s of weights + %s of gradient + %s of optimiser state + %s of activations for a batch of %d = %s"
        .formatted(
            weights().decimal(),
            gradients().decimal(),
            optimizerState().decimal(),
            activations().decimal(),
            batch,
            total().decimal());
  }

  /** The network and the sentence. */
  @Override
  public String toString() {
    return network + "\n" + sentence();
  }
}
