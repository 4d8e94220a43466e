package weft.experiment;

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
    var load = NetworkLoad.of(fabric, engine);
    return new Run(
        setup,
        messages(engine, lanes),
        load,
        taps.capture(engine, experiment.transport()),
        new Drops(load, engine, experiment.transport(), setup.workload()),
        samples == null
            ? null
            : new Telemetry(load, samples, setup.workload(), Provenance.of(setup.facts())),
        Ending.of(engine, engineMessages(engine)));
  }

  private Messages messages(PacketEngine engine, Lanes lanes) {
    var messages = new Messages(lanes.messages(), setup);
    for (int m = 0; m < lanes.messages(); m++) {
      int first = lanes.firstPart(m);
      var queuePair = engine.counters(engine.queuePair(first));
      long bytes = 0;
      long received = 0;
      long acknowledged = 0;
      for (int part = first; part < first + lanes.parts(m); part++) {
        bytes += engine.bytes(part);
        received = later(received, engine.deliveredPs(part));
        acknowledged = later(acknowledged, engine.acknowledgedPs(part));
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

  private static long later(long one, long other) {
    boolean both = one != PacketEngine.NOT_YET && other != PacketEngine.NOT_YET;
    return both ? Math.max(one, other) : PacketEngine.NOT_YET;
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
    long messages = engineMessages(engine);
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

  /** The messages that the engine is to deliver. */
  private long engineMessages(PacketEngine engine) {
    return schedule != null ? (long) schedule.size() * partsOfMessage() : engine.messages();
  }

  private int partsOfMessage() {
    QueuePairSplit split = experiment.balancing.queuePairs();
    return split.dealing() == Dealing.MESSAGES_SPLIT ? split.count() : 1;
  }

  private Lanes runCollective(PacketEngine engine, LoadBalancing balancing, Schedule plan) {
    var network =
        new PacketNetwork(
            fabric, engine, experiment.transport(), setup.faults, balancing.queuePairs());
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
