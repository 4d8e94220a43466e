package weft.experiment;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import weft.collective.Rounds;
import weft.collective.Schedule;
import weft.collective.SizedCollective;
import weft.engine.analytic.StaticLoad;

/**
 * An experiment that was checked, about to be calculated: a message takes as long as the busiest
 * link of its path is busy with all messages of its step, and a latency. A collective's transfer
 * begins when what it waits for has arrived and its flow's last is sent; other traffic is one step.
 */
final class AnalyticRun {
  private final Setup setup;
  private final FlowPaths paths;
  private final StaticLoad load;
  private long[] sent = new long[64]; // by flow, wire bytes

  /** A transfer that has arrived. */
  private record Arrival(long timePs, int transfer) {}

  AnalyticRun(Setup setup) {
    this.setup = setup;
    this.paths = new FlowPaths(setup);
    this.load = new StaticLoad(paths.rates());
  }

  Run run() {
    Messages messages =
        setup.rounds != null
            ? calculate(setup.rounds)
            : setup.schedule == null ? calculate(setup.traffic()) : calculate(setup.schedule);
    return paths.run(setup, messages, paths.load(sent, messages.completionPs()));
  }

  private Messages calculate(Traffic traffic) {
    for (Flow flow : traffic.flows()) {
      book(paths.flow(flow.source(), flow.destination()), flow.size().bytes());
    }
    var messages = new Messages(traffic.flows().size(), setup);
    for (Flow flow : traffic.flows()) {
      PathFinder.Way way = paths.way(paths.flow(flow.source(), flow.destination()));
      long bytes = flow.size().bytes();
      long busy = Math.max(paths.atEndsPs(paths.wire(bytes)), Math.round(busiestPs(way)));
      add(messages, way, bytes, flow.start().ps(), flow.start().ps() + busy);
    }
    return messages;
  }

  /** All rounds are as the first; how ranks wait for each other is a recurrence. */
  private Messages calculate(Rounds rounds) {
    int ranks = rounds.ranks();
    long bytes = (long) rounds.elements() * SizedCollective.BYTES_PER_ELEMENT;
    long wire = paths.wire(bytes);
    int[] flow = new int[ranks];
    for (int rank = 0; rank < ranks; rank++) {
      flow[rank] = paths.flow(setup.gpuOfRank[rank], setup.gpuOfRank[rounds.to(rank)]);
      book(flow[rank], bytes);
    }
    var messages = new Messages(ranks, setup);
    long[] busy = new long[ranks];
    long[] latency = new long[ranks];
    for (int rank = 0; rank < ranks; rank++) {
      PathFinder.Way way = paths.way(flow[rank]);
      busy[rank] = Math.max(paths.atEndsPs(wire), Math.round(busiestPs(way)));
      latency[rank] = paths.latencyPs(way, wire);
      sent[flow[rank]] = rounds.count() * wire;
      add(messages, way, bytes, 0, busy[rank]);
    }
    messages.goesOn(
        RingRecurrence.completion(busy, latency, rounds.count()),
        rounds.transfers() * bytes,
        Map.of("rounds", "%,d, all as the first".formatted(rounds.count())));
    return messages;
  }

  private void book(int flow, long bytes) {
    long wire = paths.wire(bytes);
    PathFinder.Way way = paths.way(flow);
    book(way.ports(), way.parts(), wire);
    book(way.answerPorts(), way.answerParts(), wire);
    if (flow >= sent.length) {
      sent = Arrays.copyOf(sent, 2 * flow);
    }
    sent[flow] += wire;
  }

  private void book(int[] listed, double[] parts, long wire) {
    for (int i = 0; i < listed.length; i++) {
      load.add(paths.bundles().ports(listed[i]), parts[i], wire);
    }
  }

  private double busiestPs(PathFinder.Way way) {
    double most = 0;
    for (int listed : way.ports()) {
      most = Math.max(most, load.busiestPs(paths.bundles().ports(listed)));
    }
    return most;
  }

  /** Says when it is received. */
  private long add(Messages messages, PathFinder.Way way, long bytes, long start, long sentPs) {
    long received = sentPs + paths.latencyPs(way, paths.wire(bytes));
    long acknowledged = received + way.latencyPs();
    messages.add(way.source(), way.destination(), 0, bytes, start, received, acknowledged);
    return received;
  }

  private Messages calculate(Schedule schedule) {
    int[] flow = new int[schedule.size()];
    Ends ends = setup.collectives.ends();
    Arrays.setAll(flow, t -> paths.flow(ends.source(schedule, t), ends.destination(schedule, t)));
    long[] busy = busy(schedule, flow);
    var messages = new Messages(schedule.size(), setup);
    var arrivals =
        new PriorityQueue<Arrival>(
            Comparator.comparingLong(Arrival::timePs).thenComparingInt(Arrival::transfer));
    long[] free = new long[sent.length]; // by flow: when its last transfer is sent
    long[] now = {0};
    var run =
        new CollectiveRun(
            schedule,
            (collective, t) -> {
              long start = Math.max(now[0], free[flow[t]]);
              free[flow[t]] = start + busy[t];
              long received =
                  add(messages, paths.way(flow[t]), bytes(schedule, t), now[0], free[flow[t]]);
              arrivals.add(new Arrival(received, t));
            });
    for (int rank = 0; rank < schedule.ranks(); rank++) {
      run.ready(rank);
    }
    while (!arrivals.isEmpty()) {
      Arrival next = arrivals.remove();
      now[0] = next.timePs;
      run.arrived(next.transfer);
    }
    return messages;
  }

  private static long bytes(Schedule schedule, int transfer) {
    return (long) schedule.length(transfer) * SizedCollective.BYTES_PER_ELEMENT;
  }

  /**
   * How long each transfer's busiest link is busy with all transfers of its step, ps; those of one
   * flow, which go one after the other, divide that by their bytes.
   */
  private long[] busy(Schedule schedule, int[] flow) {
    int[] order =
        IntStream.range(0, schedule.size())
            .boxed()
            .sorted(Comparator.comparingInt(schedule::step))
            .mapToInt(Integer::intValue)
            .toArray();
    long[] busy = new long[order.length];
    long[] ofStep = new long[1 + IntStream.of(flow).max().orElse(0)]; // by flow, bytes
    int from = 0;
    for (int to = 1; to <= order.length; to++) {
      if (to == order.length || schedule.step(order[to]) != schedule.step(order[from])) {
        load.clear();
        for (int i = from; i < to; i++) {
          book(flow[order[i]], bytes(schedule, order[i]));
          ofStep[flow[order[i]]] += bytes(schedule, order[i]);
        }
        for (int i = from; i < to; i++) {
          int f = flow[order[i]];
          double part = (double) bytes(schedule, order[i]) / ofStep[f];
          busy[order[i]] =
              Math.max(
                  paths.atEndsPs(paths.wire(bytes(schedule, order[i]))),
                  Math.round(part * busiestPs(paths.way(f))));
        }
        for (int i = from; i < to; i++) {
          ofStep[flow[order[i]]] = 0;
        }
        from = to;
      }
    }
    return busy;
  }
}
