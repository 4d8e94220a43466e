package weft.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weft.nn.Dataset;
import weft.nn.Network;
import weft.nn.NetworkPart;
import weft.nn.Optimizer;
import weft.nn.PartReplica;
import weft.parallel.ParallelPlan;
import weft.parallel.PipelinePass.Kind;
import weft.parallel.Sharding;
import weft.report.Progress;
import weft.sim.Parallel;

/** All GPUs of a plan with what joins them; numbered as {@link ParallelPlan} has them. */
final class PlanWorkers {
  private final Network network;
  private final Optimizer optimizer;
  private final ParallelPlan plan;
  private final Batches batches;
  private final List<PlanWorker> workers = new ArrayList<>();

  /** By line of GPUs through the stages, and place on it. */
  private final Map<List<Integer>, Link.Boundary> boundaries = new HashMap<>();

  /** What the workers of each section of the sequences see. */
  private final List<Dataset> seen;

  PlanWorkers(Network network, Optimizer optimizer, ParallelPlan plan, Batches batches) {
    this.network = network;
    this.optimizer = optimizer;
    this.plan = plan;
    this.batches = batches;
    seen = sections(batches.data(), plan.context());
    for (int stage = 0; stage < plan.pipeline(); stage++) {
      addStage(stage);
    }
  }

  private static List<Dataset> sections(Dataset data, int count) {
    if (count == 1) {
      return List.of(data);
    }
    int steps = data.positions() / count;
    return IntStream.range(0, count)
        .mapToObj(section -> data.steps(section * steps, (section + 1) * steps))
        .toList();
  }

  private void addStage(int stage) {
    var copies = Stream.generate(() -> new Group(copies())).limit(plan.tensor()).toList();
    var experts = experts();
    for (int replica = 0; replica < plan.data(); replica++) {
      var sections = Stream.generate(() -> new Group(plan.context())).limit(plan.tensor()).toList();
      for (int section = 0; section < plan.context(); section++) {
        var slices = new Group(plan.tensor());
        for (int slice = 0; slice < plan.tensor(); slice++) {
          var place = new PlanWorker.Place(stage, replica, section, slice);
          workers.add(
              worker(
                  place,
                  new Link.Seat(slices, slice),
                  new Link.Seat(sections.get(slice), section),
                  new Link.Seat(copies.get(slice), copy(place)),
                  experts.apply(place)));
        }
      }
    }
  }

  /** Of a stage: neighbouring copies share out the experts, every so many have the same. */
  private Function<PlanWorker.Place, Link.@Nullable Experts> experts() {
    int e = plan.expert();
    if (e == 1) {
      return place -> null;
    }
    var sharing = new HashMap<List<Integer>, Dispatch>();
    var same = new HashMap<List<Integer>, Group>();
    return place -> {
      int copy = copy(place);
      var among = List.of(place.slice(), copy / e);
      var with = List.of(place.slice(), copy % e);
      return new Link.Experts(
          sharing.computeIfAbsent(among, key -> new Dispatch(e)),
          copy % e,
          new Link.Seat(same.computeIfAbsent(with, key -> new Group(copies() / e)), copy / e));
    };
  }

  /** GPUs that have the same parameters. */
  private int copies() {
    return plan.data() * plan.context();
  }

  /** Which of them. */
  private int copy(PlanWorker.Place place) {
    return place.replica() * plan.context() + place.section();
  }

  private PlanWorker worker(
      PlanWorker.Place place,
      Link.Seat slices,
      Link.Seat sections,
      Link.Seat copies,
      Link.@Nullable Experts experts) {
    int microBatches = plan.microBatches(batches.batch());
    var passes = plan.schedule().order(place.stage(), plan.pipeline(), microBatches);
    boolean splits = passes.stream().anyMatch(pass -> pass.kind() == Kind.WEIGHT_GRADIENT);
    var counts = new Counts();
    var log = new PlanLog();
    var parts = new ArrayList<NetworkPart>();
    var learners = new ArrayList<PartReplica>();
    for (int chunk = 0; chunk < plan.schedule().chunks(); chunk++) {
      int at = chunk * plan.pipeline() + place.stage();
      var part = part(place, at);
      var before = boundary(place, at - 1);
      var link =
          new Link(
              counts,
              log,
              chunk,
              part,
              slices,
              sections,
              copies,
              experts,
              before,
              boundary(place, at));
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
        seen.get(place.section()),
        plan.context(),
        plan.microBatch(),
        passes,
        parts,
        learners,
        counts,
        log);
  }

  private NetworkPart part(PlanWorker.Place place, int at) {
    var stage = stage(network, plan, at);
    var slices = plan.tensor() == 1 ? stage : stage.tensor(place.slice(), plan.tensor());
    int c = plan.context();
    return shared(c == 1 ? slices : slices.context(place.section(), c), copy(place));
  }

  /** The layers of a stage, or of a chunk of one, before they are cut any further. */
  static NetworkPart stage(Network network, ParallelPlan plan, int at) {
    int places = plan.pipeline() * plan.schedule().chunks();
    var whole = NetworkPart.of(network);
    return plan.tensor() == 1 ? whole.stage(at, places) : whole.stageOfPairs(at, places);
  }

  /** What a GPU keeps of a part that others have too. */
  private NetworkPart shared(NetworkPart part, int rank) {
    int copies = copies();
    int e = plan.expert();
    if (e > 1) {
      return plan.sharding() == Sharding.ZERO_1
          ? part.expertsWithShardedState(rank, copies, e)
          : part.experts(rank % e, e);
    }
    if (copies == 1) {
      return part;
    }
    return switch (plan.sharding()) {
      case REPLICATED -> part.replicated();
      case ZERO_1 -> part.shardedState(rank, copies);
      case ZERO_2 -> part.shardedGradients(rank, copies);
      case ZERO_3 -> part.shardedWeights(rank, copies);
    };
  }

  /** Between a place of the pipeline and the next, for one slice of one section. */
  private Link.@Nullable Boundary boundary(PlanWorker.Place place, int at) {
    int places = plan.pipeline() * plan.schedule().chunks();
    if (at < 0 || at == places - 1) {
      return null;
    }
    int line = copy(place) * plan.tensor() + place.slice();
    return boundaries.computeIfAbsent(List.of(line, at), key -> new Link.Boundary());
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
