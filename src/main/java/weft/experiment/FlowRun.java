package weft.experiment;

import java.util.Arrays;
import weft.collective.Schedule;
import weft.collective.SizedCollective;
import weft.engine.flow.FlowEngine;
import weft.report.Progress;

/** An experiment that was checked, about to run on the flow engine. */
final class FlowRun {
  private final Setup setup;
  private final FlowPaths paths;
  private final FlowNetwork network;
  private final FlowEngine engine;
  private int[] own = new int[64]; // messages of the experiment, not of others
  private int[] place = new int[64]; // by message: among these
  private int count;
  private long arrived;

  FlowRun(Setup setup) {
    this.setup = setup;
    this.paths = new FlowPaths(setup);
    this.network =
        new FlowNetwork(
            paths,
            setup.faults,
            setup.experiment.transport(),
            setup.experiment.scheduling,
            setup.collectives.ends());
    this.engine = network.engine();
  }

  Run run() {
    Schedule schedule = setup.schedule;
    if (schedule != null) {
      start(schedule);
    } else {
      network.onDelivery((message, time) -> arrived++);
      for (Flow flow : setup.traffic().flows()) {
        int by = network.open(flow.source(), flow.destination(), setup.classOf(flow));
        note(network.send(by, flow.size().bytes(), flow.start().ps()));
      }
    }
    setup.shareWithOthers(network);
    simulate(setup.messages());
    if (arrived < setup.messages()) {
      throw new IllegalStateException("the network has come to rest, but " + network.stuck());
    }
    return paths.run(setup, messages(), network.load());
  }

  private void start(Schedule schedule) {
    int[] transferOf = new int[schedule.size()]; // by own message
    var run =
        new CollectiveRun(
            schedule,
            (collective, transfer) -> {
              int source = network.source(schedule, transfer);
              int destination = network.destination(schedule, transfer);
              long bytes = (long) schedule.length(transfer) * SizedCollective.BYTES_PER_ELEMENT;
              transferOf[count] = transfer;
              note(network.send(network.open(source, destination), bytes, engine.now()));
            });
    network.onDelivery(
        (message, time) -> {
          arrived++;
          run.arrived(transferOf[place[message]]);
        });
    for (int rank = 0; rank < schedule.ranks(); rank++) {
      run.ready(rank);
    }
  }

  private void note(int message) {
    if (count == own.length) {
      own = Arrays.copyOf(own, 2 * count);
    }
    if (message >= place.length) {
      place = Arrays.copyOf(place, 2 * message);
    }
    place[message] = count;
    own[count++] = message;
  }

  private void simulate(long messages) {
    try (var progress = Progress.of(setup.name(), 0, messages)) {
      engine.run(
          () -> {
            if (progress.isDue()) {
              progress.report(arrived, "%,d of %,d messages arrived".formatted(arrived, messages));
            }
            if (network.isStuck()) {
              network.endBackground(); // or what is stuck would be waited for for ever
            }
            return setup.burst != null && arrived == messages;
          });
    }
  }

  /** An acknowledgement takes the way back, and no time to be sent. */
  private Messages messages() {
    var messages = new Messages(count, setup);
    for (int i = 0; i < count; i++) {
      int m = own[i];
      PathFinder.Way way = paths.way(engine.flow(m));
      long received = engine.deliveredPs(m);
      messages.add(
          way.source(),
          way.destination(),
          engine.inClass(engine.flow(m)),
          network.payload(m),
          engine.postedPs(m),
          received,
          received + way.latencyPs());
    }
    return messages;
  }
}
