package weft.experiment;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import weft.collective.Schedule;
import weft.collective.SizedCollective;
import weft.engine.packet.PacketEngine;
import weft.engine.packet.PortSamples;
import weft.fabric.Fabric;
import weft.report.Progress;
import weft.report.Provenance;
import weft.routing.LoadBalancing;
import weft.routing.QueuePairSplit;
import weft.routing.QueuePairSplit.Dealing;

/** An experiment that was checked, about to run on the packet engine. */
final class PacketRun {
  private static final int LINES = 10; // of messages that are stuck

  private final Setup setup;
  private final Experiment experiment;
  private final Fabric fabric;
  private final @Nullable Schedule schedule;

  PacketRun(Setup setup) {
    this.setup = setup;
    this.experiment = setup.experiment;
    this.fabric = setup.fabric;
    this.schedule = setup.schedule;
  }

  Run run() {
    LoadBalancing balancing = setup.balancing();
    var engine =
        new PacketEngine(
            fabric, experiment.transport(), balancing, experiment.scheduling, experiment.seed);
    loseAtNetworkLinks(engine);
    experiment.misconfigurations.forEach(
        m -> m.make(engine.settings(), fabric, experiment.transport().link()));
    engine.during(setup.faults);
    var taps = new Taps(fabric, engine, experiment.taps);
    Lanes lanes =
        schedule != null
            ? runCollective(engine, balancing, schedule)
            : post(engine, balancing, setup.traffic());
    engine.keepDrops(Drops.MOST);
    PortSamples samples = simulate(engine);
    if (!engine.stuck().isEmpty()) {
      throw new IllegalStateException("the network has come to rest, but " + stuck(engine));
    }
    var load = NetworkLoad.of(fabric, engine);
    return new Run(
        setup,
        messages(engine, lanes),
        load,
        taps.capture(engine, experiment.transport()),
        new Drops(load, engine, experiment.transport(), setup.workload()),
        samples == null
            ? null
            : new Telemetry(load, samples, setup.workload(), Provenance.of(setup.facts())));
  }

  private Messages messages(PacketEngine engine, Lanes lanes) {
    var messages = new Messages(lanes.messages(), experiment.scheduling.classes());
    for (int m = 0; m < lanes.messages(); m++) {
      int first = lanes.firstPart(m);
      var queuePair = engine.counters(engine.queuePair(first));
      long bytes = 0;
      long received = 0;
      long acknowledged = 0;
      for (int part = first; part < first + lanes.parts(m); part++) {
        bytes += engine.bytes(part);
        received = Math.max(received, engine.deliveredPs(part));
        acknowledged = Math.max(acknowledged, engine.acknowledgedPs(part));
      }
      messages.add(
          queuePair.source(),
          queuePair.destination(),
          queuePair.trafficClass(),
          bytes,
          engine.postedPs(first),
          received,
          acknowledged);
    }
    return messages;
  }

  /** What has not arrived: where things were to break, several lines of it. */
  private String stuck(PacketEngine engine) {
    List<String> all = engine.stuck();
    if (setup.faults.isEmpty() || all.size() == 1) {
      return engine.stuckBriefly();
    }
    String more = all.size() > LINES ? "\nand %,d more".formatted(all.size() - LINES) : "";
    return "%,d of %,d messages have not arrived:\n%s%s"
        .formatted(
            IntStream.range(0, engine.messages())
                .filter(m -> engine.deliveredPs(m) == PacketEngine.NOT_YET)
                .count(),
            engine.messages(),
            String.join("\n", all.subList(0, Math.min(LINES, all.size()))),
            more);
  }

  private void loseAtNetworkLinks(PacketEngine engine) {
    for (int port = 0; experiment.loss > 0 && port < engine.ports(); port++) {
      if (!fabric.isScaleUp(fabric.links().get(port / 2))) {
        engine.settings().loseAt(port, experiment.loss);
      }
    }
  }

  /** Runs to the end and tells meanwhile how many messages have arrived. */
  private @Nullable PortSamples simulate(PacketEngine engine) {
    long messages =
        schedule != null ? (long) schedule.size() * partsOfMessage() : engine.messages();
    try (var progress = Progress.of(setup.name(), 0, messages)) {
      Runnable report =
          () -> {
            long count = Math.min(messages, engine.delivered());
            if (progress.isDue()) {
              progress.report(count, "%,d of %,d messages arrived".formatted(count, messages));
            }
          };
      if (experiment.sampling != null) {
        PortSamples samples = Telemetry.sampler(fabric, engine, experiment.sampling);
        samples.run(report);
        return samples;
      }
      engine.run(
          () -> {
            report.run();
            return false;
          });
      return null;
    }
  }

  private int partsOfMessage() {
    QueuePairSplit split = experiment.balancing.queuePairs();
    return split.dealing() == Dealing.MESSAGES_SPLIT ? split.count() : 1;
  }

  private Lanes runCollective(PacketEngine engine, LoadBalancing balancing, Schedule plan) {
    var network = new PacketNetwork(fabric, engine, balancing.queuePairs());
    var traffic =
        new JobTraffic(
            network, setup.gpuOfRank, SizedCollective.BYTES_PER_ELEMENT, (run, rank, time) -> {});
    CollectiveRun run = traffic.start(plan);
    for (int rank = 0; rank < plan.ranks(); rank++) {
      run.ready(rank);
    }
    return network.lanes();
  }

  private Lanes post(PacketEngine engine, LoadBalancing balancing, Traffic traffic) {
    var lanes = new Lanes(engine, balancing.queuePairs());
    for (Flow flow : traffic.flows()) {
      int queuePairs = lanes.open(flow.source(), flow.destination(), setup.classOf(flow));
      lanes.send(queuePairs, flow.size().bytes(), flow.start().ps());
    }
    return lanes;
  }
}
