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
  private int[] transferOf = new int[64]; // by message

  FlowRun(Setup setup) {
    this.setup = setup;
    this.paths = new FlowPaths(setup);
    this.network =
        new FlowNetwork(
            paths, setup.faults, setup.experiment.transport(), setup.experiment.scheduling);
    this.engine = network.engine();
  }

  Run run() {
    Schedule schedule = setup.schedule;
    if (schedule != null) {
      start(schedule);
    } else {
      for (Flow flow : setup.traffic().flows()) {
        int by = network.open(flow.source(), flow.destination(), setup.classOf(flow));
        network.send(by, flow.size().bytes(), flow.start().ps());
      }
    }
    simulate(schedule == null ? engine.messages() : schedule.size());
    if (engine.delivered() < engine.messages()) {
      throw new IllegalStateException("the network has come to rest, but " + network.stuck());
    }
    return paths.run(setup, messages(), network.load());
  }

  private void start(Schedule schedule) {
    var run =
        new CollectiveRun(
            schedule,
            (collective, transfer) -> {
              int source = setup.source(schedule, transfer);
              int destination = setup.destination(schedule, transfer);
              long bytes = (long) schedule.length(transfer) * SizedCollective.BYTES_PER_ELEMENT;
              int message = network.send(network.open(source, destination), bytes, engine.now());
              if (message >= transferOf.length) {
                transferOf = Arrays.copyOf(transferOf, 2 * message);
              }
              transferOf[message] = transfer;
            });
    engine.onDelivery((message, time) -> run.arrived(transferOf[message]));
    for (int rank = 0; rank < schedule.ranks(); rank++) {
      run.ready(rank);
    }
  }

  private void simulate(long messages) {
    try (var progress = Progress.of(setup.name(), 0, messages)) {
      engine.run(
          () -> {
            if (progress.isDue()) {
              progress.report(
                  engine.delivered(),
                  "%,d of %,d messages arrived".formatted(engine.delivered(), messages));
            }
            return false;
          });
    }
  }

  /** An acknowledgement takes the way back, and no time to be sent. */
  private Messages messages() {
    var messages = new Messages(engine.messages(), setup);
    for (int m = 0; m < engine.messages(); m++) {
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
