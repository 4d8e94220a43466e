package weft.train;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weft.cluster.Accelerator;
import weft.cluster.Placement;
import weft.collective.AllReduce;
import weft.collective.GradientExchange;
import weft.experiment.Background;
import weft.experiment.Experiment;
import weft.experiment.Fidelity;
import weft.fabric.Fabric;
import weft.fault.Fault;
import weft.nn.Network;
import weft.nn.Optimizer;
import weft.nn.Optimizers;
import weft.nn.Split;
import weft.routing.Ecmp;
import weft.routing.LoadBalancing;
import weft.transport.Transport;
import weft.units.Check;
import weft.units.Time;

/**
 * A training job: a network, its data, and the cluster whose workers train it together. Each step
 * returns a new job; nothing starts before {@link #run()}.
 *
 * <pre>{@code
 * var job = Training.of(network).on(Datasets.digits()).batch(512).epochs(20).with(sgd(0.1))
 *     .dataParallel(16).on(H100).across(fabric).exchanging(AllReduce.ring());
 * var idle = job.run();
 * var busy = job.sharing(incast(8, mib(4), us(200))).run();
 * History.overlay(idle, busy);
 * }</pre>
 *
 * <p>The gradients are real: each worker computes that of its part of the batch, and the schedule's
 * transfers add and copy sections of these arrays. The same transfers are sent as RDMA WRITEs over
 * the fabric, packet by packet or as flows, which gives the simulated clock. While workers exchange
 * together the network's state changes when a step ends, never what it computes; with a parameter
 * server ({@link Synchrony#asynchronous}) it decides whose gradient comes first, and so what is
 * learned.
 *
 * <p>Dropout draws by a sample's place in the batch, so that the number of workers does not change
 * what is dropped. Batch normalisation, as is usual, measures each worker's part of a batch by
 * itself: more workers train on other statistics, and the trained network has the running mean and
 * variance of rank 0.
 *
 * <p>Defaults: batch 32, 1 epoch, {@code sgd(0.1)}, seed 1, 1 worker on an H100, ranks packed, ring
 * AllReduce of the whole gradient after the backward pass, lossless RoCEv2 with DCQCN, with direct
 * data placement where packets are sprayed, 5-tuple ECMP.
 */
public final class Training {
  private static final double MOST_JITTER = 10;

  final Network network;

  // Assigned only while a copy is being made, before anybody else sees it.
  @Nullable Split data;
  int batch = 32;
  int epochs = 1;
  Optimizer optimizer = Optimizers.sgd(0.1);
  long seed = 1;
  int workers = 1;
  Accelerator accelerator = Accelerator.H100;
  @Nullable Time stepTime;
  int parts = 1;
  double jitter;
  SortedMap<Integer, Double> throttled = new TreeMap<>();
  List<Fault> faults = List.of();
  Synchrony synchrony = Synchrony.synchronous();
  @Nullable Fabric fabric;
  Placement placement = Placement.packed();
  @Nullable Transport transport;
  LoadBalancing balancing = Ecmp.fiveTuple();
  GradientExchange exchange = GradientExchange.whole(AllReduce.ring());
  @Nullable Background background;
  Fidelity fidelity = Fidelity.PACKETS;

  private Training(Network network) {
    this.network = network;
  }

  private Training with(Consumer<Training> change) {
    var copy = new Training(network);
    copy.data = data;
    copy.batch = batch;
    copy.epochs = epochs;
    copy.optimizer = optimizer;
    copy.seed = seed;
    copy.workers = workers;
    copy.accelerator = accelerator;
    copy.stepTime = stepTime;
    copy.parts = parts;
    copy.jitter = jitter;
    copy.throttled = new TreeMap<>(throttled);
    copy.faults = faults;
    copy.synchrony = synchrony;
    copy.fabric = fabric;
    copy.placement = placement;
    copy.transport = transport;
    copy.balancing = balancing;
    copy.exchange = exchange;
    copy.background = background;
    copy.fidelity = fidelity;
    change.accept(copy);
    return copy;
  }

  /** A job that trains this network from its present parameters. */
  public static Training of(Network network) {
    Check.notNull(
        "a network", network, "write Network.inputs(64).dense(10, softmax()).loss(crossEntropy())");
    return new Training(network);
  }

  /** With these training and test samples. */
  public Training on(Split samples) {
    Check.notNull("samples", samples, "write for example on(Datasets.digits())");
    return with(t -> t.data = samples);
  }

  /** Samples in a step, all workers together; at least 1. */
  public Training batch(int samples) {
    Check.atLeast(1, "batch", samples, "write for example batch(32)");
    return with(t -> t.batch = samples);
  }

  /** Passes over the training samples; at least 1. */
  public Training epochs(int count) {
    Check.atLeast(1, "epochs", count, "write for example epochs(5)");
    return with(t -> t.epochs = count);
  }

  /** With this optimiser. */
  public Training with(Optimizer choice) {
    Check.notNull("an optimiser", choice, "write for example sgd(0.1)");
    return with((Training t) -> t.optimizer = choice);
  }

  /** The seed of shuffling, jitter, ECMP, marking and background traffic. */
  public Training seed(long value) {
    return with((Training t) -> t.seed = value);
  }

  /** So many workers, each with a copy of the network and a part of every batch. */
  public Training dataParallel(int count) {
    Check.atLeast(1, "dataParallel", count, "write for example dataParallel(16)");
    return with((Training t) -> t.workers = count);
  }

  /** With workers on accelerators of this kind; their compute time follows its roofline. */
  public Training on(Accelerator kind) {
    Check.notNull("an accelerator", kind, "write for example Accelerator.H100");
    return with((Training t) -> t.accelerator = kind);
  }

  /**
   * With a compute time that was measured, in place of the roofline: forward, backward and update
   * of a worker's part of a full batch. A smaller part takes proportionally less.
   */
  public Training computing(Time step) {
    Check.notNull("a step's compute time", step, "write for example us(500)");
    if (step.ps() == 0) {
      throw new IllegalArgumentException(
          "a step's compute time must be above 0, but was 0 ps: write for example us(500)");
    }
    return with((Training t) -> t.stepTime = step);
  }

  /**
   * With each worker's part of a batch computed in so many micro-batches, one after the other, and
   * their gradients added up before the exchange: the same up to rounding, in a part of the memory.
   * To exchange less often raise the batch as well. Batch normalisation sees a part at a time, and
   * only the last one's backward pass can overlap the exchange.
   *
   * @param count at least 1, at most a worker's samples
   */
  public Training accumulating(int count) {
    Check.atLeast(1, "accumulating", count, "write for example batch(512).accumulating(4)");
    return with((Training t) -> t.parts = count);
  }

  /**
   * With compute times that vary: in each step each worker's is multiplied by a number drawn from a
   * log-normal distribution of mean 1.
   *
   * @param variation the distribution's standard deviation, of which 0 means none; at most 10
   */
  public Training jitter(double variation) {
    if (!(variation >= 0 && variation <= MOST_JITTER)) {
      throw new IllegalArgumentException(
          "jitter is a standard deviation from 0 to %.0f of the mean compute time, but was %s: jitter(0.2) has two steps in three within 20 %%"
              .formatted(MOST_JITTER, variation));
    }
    return with((Training t) -> t.jitter = variation);
  }

  /**
   * With one slow GPU: it computes at this share of its rate, as when it is throttled by heat. May
   * be called for several ranks.
   *
   * @param rank a worker, from 0
   * @param share above 0 and at most 1
   */
  public Training throttled(int rank, double share) {
    Check.atLeast(0, "the rank that is throttled", rank, "workers are numbered from 0");
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "a throttled GPU computes at a share above 0 and at most 1 of its rate, but was given %s: throttled(3, 0.5) has rank 3 take twice as long"
              .formatted(share));
    }
    return with((Training t) -> t.throttled.put(rank, share));
  }

  /**
   * With these faults of the network and its hosts, in place of those given before: {@code
   * during(Fault.slowHost(3, 0.5))}.
   */
  public Training during(Fault... what) {
    Check.noneNull("faults", what, "write for example during(Fault.slowHost(3, 0.5))");
    return with((Training t) -> t.faults = List.of(what));
  }

  /** With workers joined by this fabric. */
  public Training across(Fabric network) {
    Check.notNull("a fabric", network, "build one by Fabric.leafSpine()");
    return with((Training t) -> t.fabric = network);
  }

  /** With ranks on these GPUs. */
  public Training placed(Placement ranks) {
    Check.notNull("a placement", ranks, "write Placement.packed()");
    return with((Training t) -> t.placement = ranks);
  }

  /** With gradients carried so. */
  public Training over(Transport carrier) {
    Check.notNull("a transport", carrier, "write RoceV2.lossless(Dcqcn.defaults())");
    return with((Training t) -> t.transport = carrier);
  }

  /** With paths chosen so. */
  public Training balancing(LoadBalancing choice) {
    Check.notNull("load balancing", choice, "write Ecmp.fiveTuple() or Spray.perPacket()");
    return with((Training t) -> t.balancing = choice);
  }

  /** With the whole gradient reduced so, after the backward pass. */
  public Training exchanging(AllReduce collective) {
    Check.notNull("an exchange", collective, "write AllReduce.ring()");
    return exchanging(GradientExchange.whole(collective));
  }

  /**
   * With gradients exchanged so: {@code AllReduce.ring().buckets(kib(64)).overlapped()}, or in
   * fewer bytes by {@code AllReduce.ring().in(Precision.BFLOAT16)}, {@code topK(0.01)} or {@code
   * oneBit()}.
   */
  public Training exchanging(GradientExchange how) {
    Check.notNull(
        "an exchange", how, "write AllReduce.ring() or AllReduce.ring().buckets(kib(64))");
    return with((Training t) -> t.exchange = how);
  }

  /**
   * With workers that keep together so: {@code localSgd(8)}, {@code staleSynchronous(4)} or {@code
   * asynchronous()}; synchronous in every step unless set.
   */
  public Training synchronising(Synchrony how) {
    Check.notNull("a synchrony", how, "write for example Synchrony.localSgd(8)");
    return with((Training t) -> t.synchrony = how);
  }

  /**
   * With this traffic of others on the fabric from start to end: {@code incast(8, mib(4),
   * us(200))}, or any flows, {@code Traffic.permutation(16, mb(1), 1).every(us(100))}. At packets
   * and at flows.
   */
  public Training sharing(Background others) {
    Check.notNull("background traffic", others, "write for example incast(8, mib(4), us(200))");
    return with((Training t) -> t.background = others);
  }

  /**
   * Simulated so closely: {@code at(packets())}, the default, or {@code at(flows())}, in which
   * transfers share links fairly, for more workers or more steps in the same time. Faults are about
   * packets.
   */
  public Training at(Fidelity closeness) {
    Check.notNull("a fidelity", closeness, "write for example at(Fidelity.flows())");
    return with((Training t) -> t.fidelity = closeness);
  }

  Transport transport() {
    return transport != null ? transport : Experiment.defaultTransport(balancing);
  }

  /** Whether anything travels: between workers, or to a parameter server. */
  boolean usesNetwork() {
    return workers + synchrony.servers() > 1;
  }

  /**
   * Trains.
   *
   * @throws IllegalArgumentException if the parts do not fit together; nothing has run then
   * @throws ArithmeticException if training diverges
   * @throws IllegalStateException if the network comes to rest before training is done
   * @throws java.util.concurrent.CancellationException if the reader interrupts
   */
  public History run() {
    return synchrony.prepare(TrainingPlan.of(this)).run();
  }
}
