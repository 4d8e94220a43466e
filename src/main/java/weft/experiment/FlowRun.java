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
  private final FlowEngine engine;
  private long[] payload = new long[64]; // by message, bytes
  private int[] transferOf = new int[64]; // by message

  FlowRun(Setup setup) {
    this.setup = setup;
    this.paths = new FlowPaths(setup);
    this.engine = new FlowEngine(paths.rates());
  }

  Run run() {
    Schedule schedule = setup.schedule;
    if (schedule != null) {
      start(schedule);
    } else {
      for (Flow flow : setup.traffic().flows()) {
        int by = paths.open(engine, flow.source(), flow.destination());
        send(by, flow.size().bytes(), flow.start().ps());
      }
    }
    simulate(schedule == null ? engine.messages() : schedule.size());
    long[] sent = new long[engine.flows()];
    Arrays.setAll(sent, engine::sentBytes);
    return paths.run(setup, messages(), paths.load(sent, engine.now()));
  }

  private void start(Schedule schedule) {
    var run =
        new CollectiveRun(
            schedule,
            (collective, transfer) -> {
              int source = setup.gpuOfRank[schedule.from(transfer)];
              int destination = setup.gpuOfRank[schedule.to(transfer)];
              long bytes = (long) schedule.length(transfer) * SizedCollective.BYTES_PER_ELEMENT;
              int message = send(paths.open(engine, source, destination), bytes, engine.now());
              transferOf[message] = transfer;
            });
    engine.onDelivery((message, time) -> run.arrived(transferOf[message]));
    for (int rank = 0; rank < schedule.ranks(); rank++) {
      run.ready(rank);
    }
  }

  private int send(int flow, long bytes, long notBeforePs) {
    int message = engine.send(flow, paths.wire(bytes), notBeforePs);
    if (message >= payload.length) {
      payload = Arrays.copyOf(payload, 2 * message);
      transferOf = Arrays.copyOf(transferOf, 2 * message);
    }
    payload[message] = bytes;
    return message;
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
    var messages = new Messages(engine.messages(), setup.experiment.scheduling.classes());
    for (int m = 0; m < engine.messages(); m++) {
      FlowPaths.Way way = paths.way(engine.flow(m));
      long received = engine.deliveredPs(m);
      messages.add(
          way.source(),
          way.destination(),
          0,
          payload[m],
          engine.postedPs(m),
          received,
          received + way.latencyPs());
    }
    return messages;
  }
}
