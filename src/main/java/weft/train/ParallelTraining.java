package weft.train;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weft.nn.Dataset;
import weft.nn.Network;
import weft.nn.Optimizer;
import weft.nn.Optimizers;
import weft.nn.Split;
import weft.parallel.ParallelPlan;
import weft.units.Check;

/**
 * A plan executed for real: each of its GPUs holds its part of a network, computes with nothing
 * else, and what the parts must know of each other is moved array by array and counted. The result
 * is held against training on one GPU. Each step returns a new job; nothing starts before {@link
 * #run()}.
 *
 * <pre>{@code
 * var job = ParallelTraining.of(network).on(Datasets.digits()).batch(64).steps(20).with(adam(0.001));
 * job.plan(ParallelPlan.of(4).pipeline(4).microBatch(8)).run().comparison();
 * }</pre>
 *
 * <p>A plan's sequences are samples here: {@code microBatch(8)} sends 8 of them through the layers
 * at once. Gradients of all micro-batches of a step are added up before the update.
 *
 * <p>Stages get layers so that the fullest has as few multiplications as can be. Matrices are cut
 * as Megatron cuts them (Shoeybi et al., arXiv 1909.08053, section 3): two dense layers in a row,
 * and attention by its heads; any other layer is on every GPU of a tensor group, and computed
 * there. Experts are dealt out to neighbours among the GPUs that have the same layers; steps go to
 * those that their router chose, and come back. Sequences are cut into equal runs of steps, for
 * which attention gathers the keys and values of all steps, forward and again backward (Llama Team,
 * 2024, section 3.3.2); nothing is dealt out so that causal runs have as much to do as others. What
 * is sharded is cut as ZeRO cuts it (Rajbhandari et al., SC20, section 5), layer by layer. Sums are
 * made by ring schedules of {@code weft.collective}, carried out on the GPUs' arrays. What concerns
 * time or bits alone, {@code overlapped()}, {@code flashAttention()}, {@code float32Gradients()},
 * changes nothing here.
 *
 * <p>A pipeline comes to the same bits as one GPU that accumulates over the same micro-batches.
 * Zero-bubble schedules part the backward passes of dense layers and of attention's matrices, each
 * of which keeps its gradient meanwhile; other layers make all gradients in the first part. Where
 * slices or gradients are added up, the order of the additions differs, so that in float64 results
 * agree to about 1e-12 of a weight, in float32 to about 1e-5. Where a gradient is 0 but for
 * rounding, as those of the biases of attention's keys are, Adam makes whole steps of it, which
 * differ by as much and change no output.
 *
 * <p>What was executed can be timed on any fabric: {@link ParallelRun#across}.
 *
 * <p>Defaults: batch 64, 20 steps, {@code sgd(0.1)}, seed 1 of the shuffling. Rows that fill no
 * batch at the end of an epoch are left out.
 */
public final class ParallelTraining {
  final Network network;

  // Assigned only while a copy is being made, before anybody else sees it.
  @Nullable Dataset data;
  int batch = 64;
  int steps = 20;
  Optimizer optimizer = Optimizers.sgd(0.1);
  long seed = 1;
  @Nullable ParallelPlan plan;

  private ParallelTraining(Network network) {
    this.network = network;
  }

  private ParallelTraining with(Consumer<ParallelTraining> change) {
    var copy = new ParallelTraining(network);
    copy.data = data;
    copy.batch = batch;
    copy.steps = steps;
    copy.optimizer = optimizer;
    copy.seed = seed;
    copy.plan = plan;
    change.accept(copy);
    return copy;
  }

  /** A job that trains this network from its present parameters. */
  public static ParallelTraining of(Network network) {
    Check.notNull(
        "a network", network, "write Network.inputs(64).dense(10, softmax()).loss(crossEntropy())");
    return new ParallelTraining(network);
  }

  /** With the training samples of a data set. */
  public ParallelTraining on(Split samples) {
    Check.notNull("samples", samples, "write for example on(Datasets.digits())");
    return on(samples.train());
  }

  /** With these samples. */
  public ParallelTraining on(Dataset samples) {
    Check.notNull("samples", samples, "write for example on(Datasets.digits().train())");
    return with((ParallelTraining t) -> t.data = samples);
  }

  /** Samples in a step, all GPUs together; at least 1. */
  public ParallelTraining batch(int samples) {
    Check.atLeast(1, "batch", samples, "write for example batch(64)");
    return with((ParallelTraining t) -> t.batch = samples);
  }

  /** Steps to train; at least 1. */
  public ParallelTraining steps(int count) {
    Check.atLeast(1, "steps", count, "write for example steps(20)");
    return with((ParallelTraining t) -> t.steps = count);
  }

  /** With this optimiser. */
  public ParallelTraining with(Optimizer choice) {
    Check.notNull("an optimiser", choice, "write for example adam(0.001)");
    return with((ParallelTraining t) -> t.optimizer = choice);
  }

  /** The seed of shuffling. */
  public ParallelTraining seed(long value) {
    return with((ParallelTraining t) -> t.seed = value);
  }

  /** Cut over GPUs like this. */
  public ParallelTraining plan(ParallelPlan how) {
    Check.notNull("a plan", how, "write for example ParallelPlan.of(4).pipeline(4)");
    return with((ParallelTraining t) -> t.plan = how);
  }

  /**
   * Trains by the plan, and then on one GPU, which goes through the same micro-batches.
   *
   * @throws IllegalArgumentException if the parts do not fit together; nothing has run then
   * @throws ArithmeticException if training diverges
   * @throws java.util.concurrent.CancellationException if the reader interrupts
   */
  public ParallelRun run() {
    var checked = ParallelCheck.of(this);
    var workers = new PlanWorkers(network, optimizer, checked.plan(), checked.batches());
    var one = ParallelPlan.of(1).microBatch(checked.plan().microBatch());
    var alone = new PlanWorkers(network, optimizer, one, checked.batches());
    workers.run("Training by a plan");
    alone.run("Training on one GPU");
    return new ParallelRun(this, checked.plan(), workers, alone);
  }
}
