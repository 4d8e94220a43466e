package weft.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import weft.engine.packet.PacketEngine;
import weft.fabric.Fabric;
import weft.fault.FaultPlan;
import weft.routing.QueuePairSplit;
import weft.transport.Transport;
import weft.units.Time;

/** Messages over queue pairs, packet by packet. */
final class PacketNetwork extends JobNetwork {
  private final Fabric fabric;
  private final PacketEngine engine;
  private final Transport transport;
  private final FaultPlan faults;
  private final Lanes lanes;
  private final List<Bursts> background = new ArrayList<>();

  /**
   * @param faults that it was told of
   * @param split what each pair of GPUs deals its messages to
   * @param ends of its collectives' transfers
   */
  PacketNetwork(
      Fabric fabric,
      PacketEngine engine,
      Transport transport,
      FaultPlan faults,
      QueuePairSplit split,
      Ends ends) {
    super(ends);
    this.fabric = fabric;
    this.engine = engine;
    this.transport = transport;
    this.faults = faults;
    this.lanes = new Lanes(engine, split);
  }

  @Override
  public void onDelivery(DeliveryListener hears) {
    super.onDelivery(hears);
    engine.onDelivery(this::delivered);
  }

  Lanes lanes() {
    return lanes;
  }

  /** No burst of background traffic comes after those under way. */
  void endBackground() {
    background.forEach(Bursts::end);
  }

  private void delivered(int part, long timePs) {
    if (!lanes.owns(part)) {
      background.forEach(source -> source.delivered(part));
      return;
    }
    int message = lanes.arrived(part);
    if (message != Lanes.NONE) { // no other parts are missing
      listener.delivered(message, timePs);
    }
  }

  @Override
  public void onWakeUp(WakeUpListener hears) {
    engine.onWakeUp(hears::wokeUp);
  }

  @Override
  public int open(int source, int destination, int inClass) {
    return lanes.open(source, destination, inClass);
  }

  @Override
  public int send(int flow, long bytes, long notBeforePs) {
    return lanes.send(flow, bytes, notBeforePs);
  }

  @Override
  public void at(long timePs, int gpu, int token) {
    engine.at(timePs, gpu, token);
  }

  @Override
  public long now() {
    return engine.now();
  }

  @Override
  public void share(Traffic burst, Time every, ToIntFunction<Flow> inClass) {
    engine.onDelivery(this::delivered);
    background.add(
        new Bursts(
            new Bursts.Carrier() {
              @Override
              public int open(Flow flow) {
                return engine.connect(flow.source(), flow.destination(), inClass.applyAsInt(flow));
              }

              @Override
              public int send(int flow, long bytes, long notBeforePs) {
                return engine.send(flow, bytes, notBeforePs);
              }

              @Override
              public long heardAt() {
                return engine.now() + engine.lookaheadPs();
              }
            },
            burst,
            every,
            engine.now()));
  }

  @Override
  public void run(BooleanSupplier done, String work) {
    engine.run(() -> done.getAsBoolean() || engine.gaveUp() > 0);
    if (engine.gaveUp() > 0) {
      throw new IllegalStateException(
          "a queue pair has given up before %s was done: %s".formatted(work, stuck(work)));
    }
    if (!done.getAsBoolean()) {
      throw new IllegalStateException(
          "the network has come to rest before %s was done: %s".formatted(work, stuck(work)));
    }
  }

  private String stuck(String work) {
    var ending = Ending.of(engine, engine.messages(), engine.delivered());
    var drops = new Drops(load(), engine, transport, work);
    return ending.briefly() + ending.findings(Examination.of(load(), drops, ending, faults));
  }

  @Override
  public NetworkLoad load() {
    return NetworkLoad.of(fabric, engine);
  }
}
