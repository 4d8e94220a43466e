package weft.engine.packet;

import weft.fabric.Fabric;
import weft.routing.LoadBalancing.Granularity;
import weft.sim.RandomStreams;
import weft.transport.Scheduling;
import weft.transport.Transport;

/** What all threads work on: each touches only what belongs to the nodes of its own cells. */
record Shared(
    Transport transport,
    Ports ports,
    QueuePairs pairs,
    Messages messages,
    Paths paths,
    Controllers controllers,
    Selective selective,
    Spraying spraying,
    Grants grants,
    Kernels kernels,
    SharedBuffers buffers,
    Marking marking,
    DeviceSettings settings,
    Losses losses,
    Turns turns,
    Scheduler scheduler,
    Draws timeouts,
    WakeUps wakeUps) {
  /** An idle network's. */
  static Shared of(
      Fabric fabric,
      Transport transport,
      Granularity granularity,
      Scheduling scheduling,
      Ports ports,
      Selectors selectors,
      RandomStreams streams) {
    var pairs = new QueuePairs();
    var messages = new Messages();
    var spraying = new Spraying(transport.spraying(), streams.named("entropy"));
    var limits = new CableLimits(fabric, transport.onTheWire().largest(transport.mtu()), ports);
    var buffers = new SharedBuffers(fabric, transport, scheduling, limits, ports);
    var marking = new Marking(fabric, transport.marking(), limits, ports, streams);
    return new Shared(
        transport,
        ports,
        pairs,
        messages,
        new Paths(fabric, granularity, selectors, transport.onTheWire(), spraying.isUsed()),
        new Controllers(transport.control()),
        new Selective(transport.recovery()),
        spraying,
        new Grants(transport, pairs, messages, ports),
        new Kernels(transport.kernel().orElse(null)),
        buffers,
        marking,
        new DeviceSettings(ports, buffers, marking, fabric.endpoints()),
        new Losses(ports, streams, transport.retriesOnLinks()),
        new Turns(ports.count, scheduling.classes().size()),
        new Scheduler(scheduling, transport.onTheWire().largest(transport.mtu())),
        new Draws(streams.named("timeout"), ports.count),
        new WakeUps());
  }
}
