package weft.train;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import weft.experiment.CollectiveRun;
import weft.experiment.JobNetwork;
import weft.experiment.JobTraffic;

/**
 * Does again, in simulated time, what each GPU of an executed plan did: it computes a layer for as
 * long as its accelerator takes, and goes on after an exchange once it has what that brings it.
 * Sending to another stage holds nobody up.
 */
final class PlanClock {
  private final List<PlanLog> logs;
  private final List<List<PlanCompute>> compute;
  private final int[] gpuOfWorker;
  private final JobNetwork network;
  private final Map<Object, Meeting> meetings;
  private final Map<CollectiveRun, Meeting.Open> open = new HashMap<>();
  private final Worker[] workers;
  private final PlanSpans times;
  private int running;

  /** Where a GPU is. */
  private static final class Worker {
    private final Map<Meeting, Integer> met = new HashMap<>();
    private int step;
    private int next;
    private long waitingSincePs;
    private Activity waitingFor = Activity.PIPELINE;
  }

  /**
   * @param logs by worker
   * @param compute by worker, chunk by chunk
   * @param meetings of {@link #meetings}
   * @param network on which nothing was sent
   * @param bytes of a number
   */
  PlanClock(
      List<PlanLog> logs,
      List<List<PlanCompute>> compute,
      int[] gpuOfWorker,
      Map<Object, Meeting> meetings,
      JobNetwork network,
      int bytes) {
    this.logs = logs;
    this.compute = compute;
    this.gpuOfWorker = gpuOfWorker;
    this.meetings = meetings;
    this.network = network;
    workers = new Worker[logs.size()];
    times = new PlanSpans(logs.size(), logs.get(0).steps());
    var traffic = new JobTraffic(network, bytes, this::received);
    meetings.values().forEach(m -> m.over(traffic.among(m.gpus(gpuOfWorker))));
    network.onWakeUp(this::goOn);
  }

  /** Who exchanges with whom, by what the logs call it. */
  static Map<Object, Meeting> meetings(List<PlanLog> logs) {
    var meetings = new LinkedHashMap<Object, Meeting>();
    for (int worker = 0; worker < logs.size(); worker++) {
      PlanLog log = logs.get(worker);
      for (int step = 0; step < log.steps(); step++) {
        for (PlanEvent event : log.step(step)) {
          if (event instanceof PlanEvent.Met met) {
            meetings
                .computeIfAbsent(met.among(), key -> new Meeting(met.schedule().ranks()))
                .add(worker, met);
          }
        }
      }
    }
    return meetings;
  }

  /** Runs all steps. */
  PlanSpans run() {
    running = workers.length;
    for (int worker = 0; worker < workers.length; worker++) {
      workers[worker] = new Worker();
      network.at(0, gpuOfWorker[worker], worker);
    }
    network.run(() -> running == 0, "the plan");
    return times;
  }

  /** What a worker does from now on, until it must wait. */
  private void goOn(int number, long nowPs) {
    Worker worker = workers[number];
    long clock = nowPs;
    while (worker.step < times.finished().length) {
      List<PlanEvent> events = logs.get(number).step(worker.step);
      if (worker.next == events.size()) {
        times.finished(worker.step, clock);
        worker.step++;
        worker.next = 0;
        continue;
      }
      PlanEvent event = events.get(worker.next);
      if (event instanceof PlanEvent.Met met) {
        if (clock > nowPs) {
          network.at(clock, gpuOfWorker[number], number);
          return;
        }
        worker.next++;
        if (!meet(worker, met, nowPs)) {
          return;
        }
      } else {
        worker.next++;
        clock = compute(number, worker.step, event, clock);
      }
    }
    end(number, clock, nowPs);
  }

  /** The last that a worker does may be to compute, which the network must wait for. */
  private void end(int number, long clock, long nowPs) {
    if (clock > nowPs) {
      network.at(clock, gpuOfWorker[number], number);
    } else {
      running--;
    }
  }

  private long compute(int number, int step, PlanEvent event, long clock) {
    Activity activity = Activity.UPDATE;
    long ps;
    if (event instanceof PlanEvent.Worked work) {
      activity = Activity.of(work.phase());
      ps = compute.get(number).get(work.chunk()).time(work);
    } else {
      ps = compute.get(number).get(((PlanEvent.Updated) event).chunk()).update();
    }
    times.add(number, step, activity, clock, clock + ps);
    return clock + ps;
  }

  /** Whether the worker has at once what the exchange brings it. */
  private boolean meet(Worker worker, PlanEvent.Met met, long nowPs) {
    Meeting meeting = Objects.requireNonNull(meetings.get(met.among()));
    int count = worker.met.merge(meeting, 1, Integer::sum);
    Meeting.Open exchange = meeting.open(count - 1, met.schedule());
    open.put(exchange.run(), exchange);
    worker.waitingFor = Activity.of(Movement.of(met.what()).axis());
    worker.waitingSincePs = nowPs;
    if (exchange.run().ready(met.rank())) {
      end(exchange);
      return true;
    }
    return false;
  }

  private void end(Meeting.Open exchange) {
    if (exchange.ended()) {
      open.remove(exchange.run());
    }
  }

  private void received(CollectiveRun run, int rank, long timePs) {
    Meeting.Open exchange = Objects.requireNonNull(open.get(run));
    int number = exchange.worker(rank);
    Worker worker = workers[number];
    times.add(number, worker.step, worker.waitingFor, worker.waitingSincePs, timePs);
    end(exchange);
    goOn(number, timePs);
  }
}
