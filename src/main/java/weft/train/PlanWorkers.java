package weft.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weft.nn.Network;
import weft.nn.NetworkPart;
import weft.nn.Optimizer;
import weft.nn.PartReplica;
import weft.parallel.ParallelPlan;
import weft.parallel.PipelinePass.Kind;
import weft.report.Progress;
import weft.sim.Parallel;

/** All GPUs of a plan with what joins them; numbered as {@link ParallelPlan} has them. */
final class PlanWorkers {
  private final Network network;
  private final Optimizer optimizer;
  private final ParallelPlan plan;
  private final Batches batches;
  private final List<PlanWorker> workers = new ArrayList<>();

  PlanWorkers(Network network, Optimizer optimizer, ParallelPlan plan, Batches batches) {
    this.network = network;
    this.optimizer = optimizer;
    this.plan = plan;
    this.batches = batches;
    int places = plan.pipeline() * plan.schedule().chunks();
    var across = new Link.Boundary[plan.data()][plan.tensor()][places - 1];
    for (Link.Boundary[][] ofReplica : across) {
      for (Link.Boundary[] ofSlice : ofReplica) {
        Arrays.setAll(ofSlice, i -> new Link.Boundary());
      }
    }
    for (int stage = 0; stage < plan.pipeline(); stage++) {
      addStage(stage, across);
    }
  }

  private void addStage(int stage, Link.Boundary[][][] across) {
    var replicas = Stream.generate(() -> new Group(plan.data())).limit(plan.tensor()).toList();
    for (int replica = 0; replica < plan.data(); replica++) {
      var slices = new Group(plan.tensor());
      for (int slice = 0; slice < plan.tensor(); slice++) {
        workers.add(
            worker(
                new PlanWorker.Place(stage, replica, slice),
                new Link.Seat(slices, slice),
                new Link.Seat(replicas.get(slice), replica),
                across[replica][slice]));
      }
    }
  }

  private PlanWorker worker(
      PlanWorker.Place place, Link.Seat slices, Link.Seat replicas, Link.Boundary[] boundaries) {
    int microBatches = plan.microBatches(batches.batch());
    var passes = plan.schedule().order(place.stage(), plan.pipeline(), microBatches);
    boolean splits = passes.stream().anyMatch(pass -> pass.kind() == Kind.WEIGHT_GRADIENT);
    var counts = new Counts();
    var parts = new ArrayList<NetworkPart>();
    var learners = new ArrayList<PartReplica>();
    for (int chunk = 0; chunk < plan.schedule().chunks(); chunk++) {
      int at = chunk * plan.pipeline() + place.stage();
      var part = part(place, at);
      var before = boundary(boundaries, at - 1);
      var link = new Link(counts, slices, replicas, before, boundary(boundaries, at));
      parts.add(part);
      learners.add(
          splits
              ? part.splitReplica(optimizer, plan.microBatch(), link)
              : part.replica(optimizer, plan.microBatch(), link));
    }
    return new PlanWorker(
        place,
        batches.batch() / plan.data(),
        batches,
        plan.microBatch(),
        passes,
        parts,
        learners,
        counts);
  }

  private NetworkPart part(PlanWorker.Place place, int at) {
    var stage = stage(network, plan, at);
    var slices = plan.tensor() == 1 ? stage : stage.tensor(place.slice(), plan.tensor());
    return shared(slices, place.replica());
  }

  /** The layers of a stage, or of a chunk of one, before they are cut any further. */
  static NetworkPart stage(Network network, ParallelPlan plan, int at) {
    int places = plan.pipeline() * plan.schedule().chunks();
    var whole = NetworkPart.of(network);
    return plan.tensor() == 1 ? whole.stage(at, places) : whole.stageOfPairs(at, places);
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

  /**
   * Trains, a thread a GPU.
   *
   * @param title of what is told meanwhile
   */
  void run(String title) {
    try (var progress = Progress.of(title, 0, batches.steps())) {
      var programs = new ArrayList<Runnable>();
      for (PlanWorker worker : workers) {
        boolean tells = worker == workers.get(0);
        programs.add(() -> worker.train(step -> tell(tells, progress, step)));
      }
      Parallel.together(programs);
    }
  }

  private void tell(boolean tells, Progress progress, int step) {
    if (tells && progress.isDue()) {
      progress.report(step, "step %d of %d".formatted(step, batches.steps()));
    }
  }

  List<PlanWorker> workers() {
    return workers;
  }

  /** Mean loss of each step's batch, before its update. */
  double[] losses() {
    double[] losses = new double[batches.steps()];
    for (PlanWorker worker : workers) {
      if (worker.place().slice() > 0) {
        continue; // all slices' workers see the same outputs
      }
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
