package weft.experiment;

import java.util.function.BooleanSupplier;
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
  private final @Nullable Adders adders;

  PacketRun(Setup setup) {
    this.setup = setup;
    this.experiment = setup.experiment;
    this.schedule = setup.schedule;
    this.adders = setup.collectives.adders();
    this.fabric = adders == null ? setup.fabric : adders.fabric();
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
    var network =
        new PacketNetwork(
            fabric,
            engine,
            experiment.transport(),
            setup.faults,
            balancing.queuePairs(),
            adders == null ? setup.collectives.ends() : adders);
    Lanes lanes = network.lanes();
    if (schedule != null) {
      start(network, schedule);
    } else {
      post(lanes, setup.traffic());
    }
    setup.shareWithOthers(network);
    engine.keepDrops(Drops.MOST);
    PortSamples samples = simulate(engine, network);
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
        setup.burst == null
            ? Ending.of(engine, engineMessages(engine), engine.delivered())
            : Ending.of(engine, setup.messages(), lanes.arrived()));
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
          told(queuePair.source()),
          told(queuePair.destination()),
          queuePair.trafficClass(),
          bytes,
          engine.postedPs(first),
          received,
          acknowledged);
    }
    return messages;
  }

  private int told(int end) {
    return adders == null ? end : adders.told(end);
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
  private @Nullable PortSamples simulate(PacketEngine engine, PacketNetwork network) {
    long messages = setup.burst == null ? engineMessages(engine) : setup.messages();
    try (var progress = Progress.of(setup.name(), 0, messages)) {
      BooleanSupplier done =
          () -> {
            long count = setup.burst == null ? engine.delivered() : network.lanes().arrived();
            if (progress.isDue()) {
              progress.report(
                  Math.min(messages, count),
                  "%,d of %,d messages arrived".formatted(Math.min(messages, count), messages));
            }
            return setup.burst != null && isOver(engine, network);
          };
      if (experiment.sampling != null) {
        PortSamples samples = Telemetry.sampler(fabric, engine, experiment.sampling);
        samples.run(done);
        return samples;
      }
      engine.run(done);
      return null;
    }
  }

  /** Whether all is there, so that others' traffic, which never ends, matters no more. */
  private boolean isOver(PacketEngine engine, PacketNetwork network) {
    if (engine.gaveUp() > 0) {
      network.endBackground(); // or what is stuck would be waited for for ever
    }
    return network.lanes().arrived() == setup.messages() && network.lanes().areAcknowledged();
  }

  /** The messages that the engine is to deliver. */
  private long engineMessages(PacketEngine engine) {
    return schedule != null ? (long) schedule.size() * partsOfMessage() : engine.messages();
  }

  private int partsOfMessage() {
    QueuePairSplit split = experiment.balancing.queuePairs();
    return split.dealing() == Dealing.MESSAGES_SPLIT ? split.count() : 1;
  }

  private void start(PacketNetwork network, Schedule plan) {
    JobTraffic.ArrivalListener nobody = (run, rank, time) -> {};
    var traffic = new JobTraffic(network, SizedCollective.BYTES_PER_ELEMENT, nobody);
    CollectiveRun run = traffic.start(plan);
    for (int rank = 0; rank < plan.ranks(); rank++) {
      run.ready(rank);
    }
  }

  private void post(Lanes lanes, Traffic traffic) {
    for (Flow flow : traffic.flows()) {
      int queuePairs = lanes.open(flow.source(), flow.destination(), setup.classOf(flow));
      lanes.send(queuePairs, flow.size().bytes(), flow.start().ps());
    }
  }
}
