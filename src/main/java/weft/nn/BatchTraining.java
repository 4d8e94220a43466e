package weft.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.Blas;
import weft.units.Check;

/**
 * Learning from a data set on this machine, batch by batch:
 *
 * <pre>{@code
 * var run = net.train(sgd(0.1).momentum(0.9)).on(digits.train())
 *     .batch(64).epochs(20).validatedBy(held).stoppingEarly(3).run();
 * }</pre>
 *
 * <p>An immutable value: each call of {@link #run} trains anew from the same network, with the same
 * bits for the same seed, whatever the number of threads.
 *
 * <p>Defaults: batch 32, 1 epoch, shuffled by seed 1, no validation, one part, threads on all
 * cores.
 */
public final class BatchTraining {
  private static final int MOST_THREADS = 1024;

  final Network network;
  final Optimizer optimizer;
  final Dataset data;

  // Assigned only while a copy is being made, before anybody else sees it.
  int batch = 32;
  int epochs = 1;
  long seed = 1;
  int parts = 1;
  int threads = Runtime.getRuntime().availableProcessors();
  int patience = Integer.MAX_VALUE;
  @Nullable Dataset validation;
  @Nullable Checkpoint begun;

  BatchTraining(Network network, Optimizer optimizer, Dataset data) {
    this.network = network;
    this.optimizer = optimizer;
    this.data = data;
  }

  private BatchTraining with(Consumer<BatchTraining> change) {
    var copy = new BatchTraining(network, optimizer, data);
    copy.batch = batch;
    copy.epochs = epochs;
    copy.seed = seed;
    copy.parts = parts;
    copy.threads = threads;
    copy.patience = patience;
    copy.validation = validation;
    copy.begun = begun;
    change.accept(copy);
    return copy;
  }

  /** Samples of a step; at least 1. The last step of an epoch takes what is left. */
  public BatchTraining batch(int samples) {
    Check.atLeast(1, "batch", samples, "write for example batch(32)");
    return with(t -> t.batch = samples);
  }

  /** Passes over the data set; at least 1. */
  public BatchTraining epochs(int count) {
    Check.atLeast(1, "epochs", count, "write for example epochs(20)");
    return with(t -> t.epochs = count);
  }

  /** The seed of the order, drawn anew for each epoch from the stream "shuffle". */
  public BatchTraining shuffled(long value) {
    return with(t -> t.seed = value);
  }

  /** Rows that are not learned, to judge by after each epoch. */
  public BatchTraining validatedBy(Dataset rows) {
    Check.notNull("rows to validate by", rows, "write for example validatedBy(split.test())");
    return with(t -> t.validation = rows);
  }

  /**
   * Stops when the validation loss has not fallen for so many epochs, and keeps the parameters that
   * had the lowest.
   *
   * @param patience epochs to wait for a lower loss; at least 1
   */
  public BatchTraining stoppingEarly(int patience) {
    Check.atLeast(1, "stoppingEarly", patience, "write for example stoppingEarly(3)");
    return with(t -> t.patience = patience);
  }

  /**
   * Computes each batch in so many parts, one after the other, and adds their gradients up before
   * the step: the same up to rounding, in a part of the memory. Batch normalisation sees a part at
   * a time.
   *
   * @param parts of a batch; at least 1
   */
  public BatchTraining accumulating(int parts) {
    Check.atLeast(1, "accumulating", parts, "write for example batch(512).accumulating(4)");
    return with(t -> t.parts = parts);
  }

  /**
   * Goes on from where {@link TrainingRun#checkpoint} was made, perhaps by another process: the
   * outcome is that of a run that never stopped, bit for bit. Network, optimiser, data, batch, seed
   * and everything else but {@link #epochs} and {@link #threads} must be as they were; the
   * network's own parameters are not used.
   *
   * @param checkpoint what {@link Checkpoint#load} gave, or {@link TrainingRun#checkpoint}
   */
  public BatchTraining resuming(Checkpoint checkpoint) {
    Check.notNull("a checkpoint", checkpoint, "write resuming(Checkpoint.load(Path.of(...)))");
    return with(t -> t.begun = checkpoint);
  }

  /** Threads that share the work, which changes no bit; all cores otherwise. */
  public BatchTraining threads(int count) {
    Check.atLeast(1, "threads", count, "write for example threads(2)");
    if (count > MOST_THREADS) {
      throw new IllegalArgumentException(
          "threads beyond the machine's cores gain nothing, at most %d are started, got %d: leave threads(...) out to use all cores"
              .formatted(MOST_THREADS, count));
    }
    return with(t -> t.threads = count);
  }

  /**
   * Trains. An interrupted run returns what it has learned so far, with the thread's interrupt flag
   * still set; {@link TrainingRun#resumed} goes on from there.
   *
   * @throws IllegalArgumentException if the parts do not fit together, or the checkpoint is not
   *     that of such a training; nothing has run then
   * @throws ArithmeticException if training diverges
   */
  public TrainingRun run() {
    check();
    Checkpoint from = begun;
    return TrainingLoop.run(
        this, from == null ? TrainingState.start(this) : TrainingPosition.state(this, from));
  }

  private void check() {
    network.checkFits(data);
    Dataset rows = validation;
    if (rows != null) {
      network.checkFits(rows);
    } else if (patience != Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "stoppingEarly(%d) watches the validation loss: add validatedBy(rows)"
              .formatted(patience));
    }
    if (batch > data.size()) {
      throw new IllegalArgumentException(
          "a batch of %d needs as many training samples, but %s has %d: lower batch"
              .formatted(batch, data.name(), data.size()));
    }
    if (parts > batch) {
      throw new IllegalArgumentException(
          "a batch of %d cannot be cut into %d parts: accumulating(n) takes n of at most the batch"
              .formatted(batch, parts));
    }
    checkSmallestPass();
  }

  /** Batch normalisation cannot measure the spread of a single row. */
  private void checkSmallestPass() {
    int fewest = network.fewestRows();
    if (fewestRowsOfAPass(batch) >= fewest) {
      return;
    }
    int better = batch;
    while (better <= data.size() && fewestRowsOfAPass(better) < fewest) {
      better++;
    }
    throw new IllegalArgumentException(
        "batchNorm() trains on at least %d rows at once, but batches of %d%s of the %d rows of %s leave it 1: %s"
            .formatted(
                fewest,
                batch,
                parts == 1 ? "" : " in " + parts + " parts",
                data.size(),
                data.name(),
                better <= data.size()
                    ? "write for example batch(" + better + ")"
                    : "use more rows or fewer parts, or layerNorm()"));
  }

  /** Rows of the smallest part of any batch of an epoch. */
  private int fewestRowsOfAPass(int size) {
    int last = data.size() % size;
    int whole = size / Math.min(parts, size);
    return last == 0 ? whole : Math.min(whole, last / Math.min(parts, last));
  }

  boolean stopsEarly() {
    return patience != Integer.MAX_VALUE;
  }

  /** How many steps an epoch has. */
  int stepsPerEpoch() {
    return (data.size() + batch - 1) / batch;
  }

  /** What provenance tells. */
  Map<String, String> facts() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("network", network.toString());
    facts.put("weights", network.start());
    facts.put("data", data.toString());
    facts.put("validation", validation == null ? "none" : validation.toString());
    facts.put("optimiser", optimizer.toString());
    facts.put("batch", parts == 1 ? String.valueOf(batch) : batch + " in " + parts + " parts");
    facts.put("epochs", String.valueOf(epochs));
    facts.put("stopping early", stopsEarly() ? "after " + patience + " epochs" : "no");
    facts.put("seed", String.valueOf(seed));
    Checkpoint from = begun;
    if (from != null) {
      facts.put("resumed", "from " + from.origin() + " after step " + from.step());
    }
    facts.put("matrix products", Blas.description());
    return facts;
  }

  /** In a line: network, data, optimiser, batch and epochs. */
  @Override
  public String toString() {
    return "%s on %s by %s, batch %d, epochs %d"
        .formatted(network, data.name(), optimizer, batch, epochs);
  }
}
