package weft.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.knowm.xchart.CategoryChart;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.experiment.JobNetwork;
import weft.experiment.NetworkLoad;
import weft.parallel.ParallelAxis;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Provenance;
import weft.report.Result;

/**
 * What a fabric and its other tenants cost each job.
 *
 * <p>Flow by flow: a job's step is silence, then all bytes of one axis after the other, which share
 * links fairly with whatever else is under way; the mean of an axis's times is how much longer its
 * exchanges take in {@link StepTime}. Calls that a real step spreads over its layers are put
 * together, so jobs meet less often here, and for longer.
 */
public final class JobsRun implements Result {
  private static final int STEPS = 4;

  private final JobsNetwork network;
  private final List<PlacedJob> jobs;
  private final List<Jobs.Background> background;
  private final List<Map<ParallelAxis, Double>> alone;
  private final List<Map<ParallelAxis, Double>> together;
  private final NetworkLoad load;

  private JobsRun(
      JobsNetwork network,
      List<PlacedJob> jobs,
      List<Jobs.Background> background,
      List<Map<ParallelAxis, Double>> alone,
      List<Map<ParallelAxis, Double>> together,
      NetworkLoad load) {
    this.network = network;
    this.jobs = jobs;
    this.background = background;
    this.alone = alone;
    this.together = together;
    this.load = load;
  }

  static JobsRun of(JobsNetwork network, List<PlacedJob> jobs, List<Jobs.Background> background) {
    int endpoints = network.fabric().endpoints();
    List<JobPhases> phases = jobs.stream().map(job -> JobPhases.of(job, endpoints)).toList();
    var alone = new ArrayList<Map<ParallelAxis, Double>>();
    boolean isShared = jobs.size() > 1 || !background.isEmpty();
    if (isShared) {
      for (JobPhases job : phases) {
        JobNetwork quiet = network.open(phases, background);
        var numbers = new FlowNumbers(quiet, phases, background);
        alone.addAll(
            new SharedClock(quiet, numbers, List.of(job), List.of(), network.wireShare(), 1, 0)
                .run());
      }
    }
    JobNetwork busy = network.open(phases, background);
    var numbers = new FlowNumbers(busy, phases, background);
    int steps = isShared ? STEPS : 1;
    var together =
        new SharedClock(
                busy,
                numbers,
                phases,
                repeated(background),
                network.wireShare(),
                steps,
                until(background))
            .run();
    return new JobsRun(
        network, jobs, background, isShared ? alone : together, together, busy.load());
  }

  private static List<SharedClock.Repeated> repeated(List<Jobs.Background> background) {
    return background.stream()
        .map(b -> new SharedClock.Repeated(b.traffic().flows(), b.every().ps()))
        .toList();
  }

  /** Jobs go on until traffic that comes again has come twice. */
  private static long until(List<Jobs.Background> background) {
    return 2 * background.stream().mapToLong(b -> b.every().ps()).max().orElse(0);
  }

  /** A job's step at the NICs' full rate, as on a network that is never in its way. */
  public StepTime ideal(String job) {
    return step(index(job), Map.of(), "NICs at their full rate");
  }

  /** A job's step alone on this fabric. */
  public StepTime alone(String job) {
    return step(index(job), alone.get(index(job)), "alone on " + network.fabric().name());
  }

  /** A job's step beside the others. */
  public StepTime step(String job) {
    return step(index(job), together.get(index(job)), "shared, " + network.fabric().name());
  }

  private StepTime step(int job, Map<ParallelAxis, Double> slowdowns, String words) {
    return JobPhases.step(jobs.get(job), axis -> slowdowns.getOrDefault(axis, 1.0), words);
  }

  private int index(String job) {
    for (int j = 0; j < jobs.size(); j++) {
      if (jobs.get(j).name().equals(job)) {
        return j;
      }
    }
    throw new IllegalArgumentException(
        "there is no job %s: they are called %s"
            .formatted(job, jobs.stream().map(PlacedJob::name).collect(Collectors.joining(", "))));
  }

  /** What the ports did while all ran together. */
  public NetworkLoad networkLoad() {
    return load;
  }

  /** A row a job: its step at full NIC rate, alone on the fabric, beside the others, and losses. */
  @Override
  public Table table() {
    var names = StringColumn.create("job");
    var gpus = IntColumn.create("GPUs");
    var placements = StringColumn.create("placed");
    var ideals = Numbers.column("step, NICs at full rate (s)");
    var alones = Numbers.column("alone here (s)");
    var shared = Numbers.column("beside the others (s)");
    var toFabric = Numbers.column("lost to the fabric (%)");
    var toOthers = Numbers.column("lost to the others (%)");
    for (PlacedJob job : jobs) {
      double full = ideal(job.name()).seconds();
      double here = alone(job.name()).seconds();
      double beside = step(job.name()).seconds();
      names.append(job.name());
      gpus.append(job.gpus());
      placements.append(job.placement());
      ideals.append(full);
      alones.append(here);
      shared.append(beside);
      toFabric.append(100 * (here / full - 1));
      toOthers.append(100 * (beside / here - 1));
    }
    return Table.create(
        "Jobs on " + network.fabric().name(),
        names,
        gpus,
        placements,
        ideals,
        alones,
        shared,
        toFabric,
        toOthers);
  }

  /** A row a job and axis whose bytes leave servers: how much longer they take, and the wait. */
  public Table exchanges() {
    var names = StringColumn.create("job");
    var axes = StringColumn.create("axis");
    var here = Numbers.column("alone here, times as long");
    var beside = Numbers.column("beside the others, times as long");
    var waited = Numbers.column("waited for in a step (s)");
    for (int j = 0; j < jobs.size(); j++) {
      StepTime step = step(jobs.get(j).name());
      for (ParallelAxis axis : ParallelAxis.values()) {
        if (together.get(j).containsKey(axis)) {
          names.append(jobs.get(j).name());
          axes.append(axis.label());
          here.append(alone.get(j).get(axis));
          beside.append(together.get(j).get(axis));
          waited.append(step.exposed(axis));
        }
      }
    }
    return Table.create(
        "Exchanges on " + network.fabric().name(), names, axes, here, beside, waited);
  }

  /**
   * Job completion times, a row a job: days at full NIC rate, alone on the fabric, beside the
   * others.
   *
   * @param tokens of each job, at least 1
   */
  public Table completion(double tokens) {
    var names = StringColumn.create("job");
    var ideals = Numbers.column("NICs at full rate (days)");
    var alones = Numbers.column("alone here (days)");
    var shared = Numbers.column("beside the others (days)");
    for (PlacedJob job : jobs) {
      names.append(job.name());
      ideals.append(ideal(job.name()).forTokens(tokens).days());
      alones.append(alone(job.name()).forTokens(tokens).days());
      shared.append(step(job.name()).forTokens(tokens).days());
    }
    return Table.create(
        "Completion of %s billion tokens".formatted(Digits.of(tokens / 1e9)),
        names,
        ideals,
        alones,
        shared);
  }

  /** Each job's three steps side by side. */
  @Override
  public CategoryChart chart() {
    return JobsChart.of(this, network.fabric().name(), jobs.stream().map(PlacedJob::name).toList());
  }

  @Override
  public Provenance provenance() {
    var facts = new LinkedHashMap<String, String>();
    for (PlacedJob job : jobs) {
      facts.put(
          "job " + job.name(),
          "%s, %s, global batch %d, placed %s"
              .formatted(
                  job.job(),
                  job.job().plan(),
                  job.job().globalBatch(),
                  job.placement().isEmpty() ? "by the reader" : job.placement()));
    }
    for (Jobs.Background repeated : background) {
      facts.put("beside", "%s every %s".formatted(repeated.traffic(), repeated.every()));
    }
    facts.putAll(network.fabric().facts());
    facts.put("load balancing", network.balancing().toString());
    facts.put("seed", String.valueOf(network.seed()));
    facts.put("fidelity", "flows for what leaves servers, closed forms for all else");
    return Provenance.of(facts);
  }

  @Override
  public String summary() {
    return jobs.stream()
        .map(
            job ->
                "%s: a step of %s, %s alone here"
                    .formatted(job.name(), step(job.name()).total(), alone(job.name()).total()))
        .collect(Collectors.joining("; "));
  }

  @Override
  public String toString() {
    return summary();
  }
}
