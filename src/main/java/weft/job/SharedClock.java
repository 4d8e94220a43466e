package weft.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weft.experiment.Flow;
import weft.experiment.JobNetwork;
import weft.parallel.ParallelAxis;
import weft.units.DataSize;

/**
 * Steps of several jobs on one network: each is silent, then sends all bytes of one axis, and goes
 * on when the last has arrived. The first step, in which all begin together, is not counted unless
 * it is the only one.
 */
final class SharedClock {
  private static final int SILENT = -1;
  private static final int BACKGROUND = -1;

  private final JobNetwork network;
  private final List<Runner> runners = new ArrayList<>();
  private final List<Repeated> background = new ArrayList<>();
  private final FlowNumbers flows;
  private final double wireShare;
  private final int steps;
  private final long untilPs;
  private int[] runnerOf = new int[256]; // by message
  private int running;

  /** Traffic that comes again and again. */
  record Repeated(List<Flow> flows, long everyPs) {}

  /**
   * @param wireShare what a byte of an exchange is sent as, so that headers and all else that NICs
   *     lose come to what collectives measure
   * @param steps that each job does at least
   * @param untilPs how long jobs go on at least, ps
   */
  SharedClock(
      JobNetwork network,
      FlowNumbers flows,
      List<JobPhases> jobs,
      List<Repeated> repeated,
      double wireShare,
      int steps,
      long untilPs) {
    this.network = network;
    this.flows = flows;
    this.wireShare = wireShare;
    this.steps = steps;
    this.untilPs = untilPs;
    for (JobPhases job : jobs) {
      runners.add(new Runner(job));
    }
    background.addAll(repeated);
    running = runners.size();
  }

  /** Where a job is. */
  private static final class Runner {
    private final JobPhases job;
    private final long[] ps; // by exchange, of all steps that count
    private int phase = SILENT;
    private int missing;
    private long phaseStartPs;
    private int steps;
    private int counted;
    private boolean isDone;

    Runner(JobPhases job) {
      this.job = job;
      ps = new long[job.exchanges().size()];
    }
  }

  /** By job, how many times longer each axis takes than at the NICs' full rate, at least 1. */
  List<Map<ParallelAxis, Double>> run() {
    network.onDelivery(this::delivered);
    network.onWakeUp((token, timePs) -> wokeUp(token));
    for (int r = 0; r < runners.size(); r++) {
      wait(r);
    }
    for (int b = 0; b < background.size(); b++) {
      network.at(0, background.get(b).flows().get(0).source(), runners.size() + b);
    }
    network.run(() -> running == 0, "each job's steps");
    return runners.stream().map(this::slowdowns).toList();
  }

  private Map<ParallelAxis, Double> slowdowns(Runner runner) {
    Map<ParallelAxis, Double> slowdowns = new HashMap<>();
    for (int e = 0; e < runner.ps.length; e++) {
      Exchange exchange = runner.job.exchanges().get(e);
      double mean = (double) runner.ps[e] / runner.counted / 1e12;
      slowdowns.put(exchange.axis(), Math.max(1, mean / exchange.aloneSeconds()));
    }
    return slowdowns;
  }

  private void wait(int number) {
    Runner runner = runners.get(number);
    runner.phase = SILENT;
    long ps = Math.round(runner.job.silentSeconds() * 1e12);
    network.at(network.now() + ps, runner.job.placed().firstGpu(), number);
  }

  private void wokeUp(int token) {
    if (token < runners.size()) {
      next(token);
      return;
    }
    Repeated again = background.get(token - runners.size());
    for (Flow flow : again.flows()) {
      long start = network.now() + flow.start().ps();
      send(BACKGROUND, flow.source(), flow.destination(), flow.size().bytes(), start);
    }
    network.at(network.now() + again.everyPs(), again.flows().get(0).source(), token);
  }

  /** The next axis, or the next step after the last. */
  private void next(int number) {
    Runner runner = runners.get(number);
    runner.phase++;
    if (runner.phase == runner.ps.length) {
      finishStep(number);
      return;
    }
    PairBytes pairs = runner.job.exchanges().get(runner.phase).pairs();
    runner.phaseStartPs = network.now();
    runner.missing = pairs.size();
    for (int p = 0; p < pairs.size(); p++) {
      long bytes = new DataSize(1).times(Math.max(1, pairs.bytes(p) * wireShare)).bytes();
      send(number, pairs.from(p), pairs.to(p), bytes, network.now());
    }
  }

  private void finishStep(int number) {
    Runner runner = runners.get(number);
    runner.steps++;
    if (runner.steps > 1 || steps == 1) {
      runner.counted++;
    }
    if (!runner.isDone && runner.steps >= steps && network.now() >= untilPs) {
      runner.isDone = true;
      running--;
    }
    if (running > 0) {
      wait(number);
    }
  }

  private void send(int number, int source, int destination, long bytes, long notBeforePs) {
    int message = network.send(flows.of(source, destination), bytes, notBeforePs);
    if (message >= runnerOf.length) {
      runnerOf = Arrays.copyOf(runnerOf, Math.max(message + 1, 2 * runnerOf.length));
    }
    runnerOf[message] = number;
  }

  private void delivered(int message, long timePs) {
    int number = runnerOf[message];
    if (number == BACKGROUND) {
      return;
    }
    Runner runner = runners.get(number);
    if (--runner.missing == 0) {
      if (runner.steps > 0 || steps == 1) {
        runner.ps[runner.phase] += timePs - runner.phaseStartPs;
      }
      next(number);
    }
  }
}
