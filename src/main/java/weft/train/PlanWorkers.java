package weft.train;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.Network;
import weft.nn.NetworkPart;
import weft.nn.Optimizer;
import weft.nn.PartReplica;
import weft.parallel.ParallelPlan;
import weft.sim.Parallel;

/** All GPUs of a plan with what joins them; numbered as {@link ParallelPlan} has them. */
final class PlanWorkers {
  private final Network network;
  private final Optimizer optimizer;
  private final ParallelPlan plan;
  private final Batches batches;
  private final int places;
  private final List<PlanWorker> workers = new ArrayList<>();

  PlanWorkers(Network network, Optimizer optimizer, ParallelPlan plan, Batches batches) {
    this.network = network;
    this.optimizer = optimizer;
    this.plan = plan;
    this.batches = batches;
    places = plan.pipeline() * plan.schedule().chunks();
    var boundaries = new Link.Boundary[plan.data()][places - 1];
    for (Link.Boundary[] ofReplica : boundaries) {
      for (int i = 0; i < ofReplica.length; i++) {
        ofReplica[i] = new Link.Boundary();
      }
    }
    for (int stage = 0; stage < plan.pipeline(); stage++) {
      var group = new Group(plan.data());
      for (int replica = 0; replica < plan.data(); replica++) {
        var place = new PlanWorker.Place(stage, replica, plan.data());
        workers.add(worker(place, new Link.Seat(group, replica), boundaries[replica]));
      }
    }
  }

  private PlanWorker worker(PlanWorker.Place place, Link.Seat seat, Link.Boundary[] boundaries) {
    var counts = new Counts();
    var parts = new ArrayList<NetworkPart>();
    var replicas = new ArrayList<PartReplica>();
    for (int chunk = 0; chunk < plan.schedule().chunks(); chunk++) {
      int at = chunk * plan.pipeline() + place.stage();
      var part = shared(NetworkPart.of(network).stage(at, places), seat.rank());
      var link = new Link(counts, seat, boundary(boundaries, at - 1), boundary(boundaries, at));
      parts.add(part);
      replicas.add(part.replica(optimizer, plan.microBatch(), link));
    }
    int microBatches = plan.microBatches(batches.batch());
    return new PlanWorker(
        place,
        batches,
        plan.microBatch(),
        plan.schedule().order(place.stage(), plan.pipeline(), microBatches),
        parts,
        replicas,
        counts);
  }

  /** What a GPU keeps of a part that all replicas have. */
  private NetworkPart shared(NetworkPart part, int rank) {
    if (plan.data() == 1) {
      return part;
    }
    return switch (plan.sharding()) {
      case REPLICATED -> part.replicated();
      case ZERO_1 -> part.shardedState(rank, plan.data());
      case ZERO_2 -> part.shardedGradients(rank, plan.data());
      case ZERO_3 -> part.shardedWeights(rank, plan.data());
    };
  }

  private static Link.@Nullable Boundary boundary(Link.Boundary[] all, int index) {
    return index < 0 || index == all.length ? null : all[index];
  }

  /** Trains, a thread a GPU. */
  void run() {
    Parallel.together(workers);
  }

  List<PlanWorker> workers() {
    return workers;
  }

  /** Mean loss of each step's batch, before its update. */
  double[] losses() {
    double[] losses = new double[batches.steps()];
    for (PlanWorker worker : workers) {
      for (int step = 0; step < losses.length; step++) {
        losses[step] += worker.losses()[step];
      }
    }
    for (int step = 0; step < losses.length; step++) {
      losses[step] /= batches.batch();
    }
    return losses;
  }

  /** What all GPUs' parts come to together. */
  Network trained() {
    return PartReplica.assembled(
        network, workers.stream().flatMap(worker -> worker.replicas().stream()).toList());
  }
}
