package weft.job;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weft.collective.SizedCollective;
import weft.experiment.Experiment;
import weft.experiment.Fidelity;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.routing.LoadBalancing;
import weft.transport.Scheduling;
import weft.units.Check;
import weft.units.DataSize;

/**
 * Storage on the backend, to show why it has a network of its own: a collective of all GPUs alone,
 * beside checkpoint writes, beside reads, beside both.
 *
 * <pre>{@code
 * var backend = Fabric.leafSpine().servers(4, DGX_H100).build().storage(4, gbps(200));
 * SharedBackend.on(backend).run(AllReduce.ring().of(mb(64))).compare().table()
 * }</pre>
 *
 * <p>Each GPU writes to or reads from one storage node, as much as the collective's array unless
 * said otherwise; lossless RoCEv2 with DCQCN, 5-tuple ECMP, one traffic class, every packet, seed
 * 1.
 */
public final class SharedBackend {
  final Fabric fabric;

  // Assigned only while a copy is being made, before anybody else sees it.
  @Nullable SizedCollective collective;
  @Nullable DataSize perGpu;
  Fidelity fidelity = Fidelity.PACKETS;
  LoadBalancing balancing = Ecmp.fiveTuple();
  Scheduling scheduling = Scheduling.ONE_CLASS;
  long seed = 1;

  private SharedBackend(Fabric fabric) {
    this.fabric = fabric;
  }

  private SharedBackend with(Consumer<SharedBackend> change) {
    var copy = new SharedBackend(fabric);
    copy.collective = collective;
    copy.perGpu = perGpu;
    copy.fidelity = fidelity;
    copy.balancing = balancing;
    copy.scheduling = scheduling;
    copy.seed = seed;
    change.accept(copy);
    return copy;
  }

  /**
   * A backend with storage nodes on its leaves.
   *
   * @throws IllegalArgumentException if it has none
   */
  public static SharedBackend on(Fabric fabric) {
    Check.notNull("a fabric", fabric, "write Fabric.leafSpine()....build().storage(4, gbps(200))");
    if (fabric.endpoints() == fabric.gpus()) {
      throw new IllegalArgumentException(
          "a shared backend has storage nodes on its leaves, but %s has none: write fabric.storage(4, gbps(200))"
              .formatted(fabric.name()));
    }
    return new SharedBackend(fabric);
  }

  /** With this collective on all GPUs, packed. */
  public SharedBackend run(SizedCollective what) {
    Check.notNull("a collective", what, "write AllReduce.ring().of(mb(64))");
    return with(b -> b.collective = what);
  }

  /** With so much written or read by each GPU. */
  public SharedBackend perGpu(DataSize size) {
    Check.notNull("what each GPU writes or reads", size, "write for example mb(64)");
    if (size.bytes() < 1) {
      throw new IllegalArgumentException(
          "each GPU writes and reads at least 1 byte, but perGpu was 0: leave it out for as much as the array");
    }
    return with(b -> b.perGpu = size);
  }

  /** At this fidelity: flows share links fairly, packets also mark, pause and wait. */
  public SharedBackend at(Fidelity level) {
    Check.notNull("a fidelity", level, "write at(flows()) or at(packets())");
    return with(b -> b.fidelity = level);
  }

  /** With paths chosen so. */
  public SharedBackend balancing(LoadBalancing choice) {
    Check.notNull("load balancing", choice, "write Ecmp.fiveTuple() or Spray.perPacket()");
    return with(b -> b.balancing = choice);
  }

  /**
   * With the collective in the first of two traffic classes and storage in the second, the remedy
   * where there is one network for both: {@code Scheduling.strict("training", "storage")} lets
   * storage have what the collective leaves. One class unless set.
   */
  public SharedBackend scheduling(Scheduling classes) {
    Check.notNull("a scheduling", classes, "write Scheduling.strict(\"training\", \"storage\")");
    if (classes.classes().size() != 2) {
      throw new IllegalArgumentException(
          "a shared backend has a class for the collective and one for storage, but %s has %d: write Scheduling.strict(\"training\", \"storage\")"
              .formatted(classes, classes.classes().size()));
    }
    return with(b -> b.scheduling = classes);
  }

  /** The seed of ECMP and marking. */
  public SharedBackend seed(long value) {
    return with(b -> b.seed = value);
  }

  /**
   * Runs the collective alone and beside each kind of storage traffic.
   *
   * @throws IllegalArgumentException if there is no collective, or at(analytic()) was asked for
   * @throws java.util.concurrent.CancellationException if the reader interrupts
   */
  public StorageHarm compare() {
    if (collective == null) {
      throw new IllegalArgumentException(
          "a shared backend runs a collective: call run(AllReduce.ring().of(mb(64))) first");
    }
    SizedCollective asked = collective;
    List<MixedRun> runs = new ArrayList<>();
    for (StorageTraffic traffic : StorageTraffic.values()) {
      runs.add(MixedRun.of(this, asked, traffic, perGpu == null ? asked.size() : perGpu));
    }
    return new StorageHarm(this, asked, runs, Experiment.defaultTransport(balancing).facts());
  }
}
