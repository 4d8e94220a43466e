package weft.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import weft.engine.flow.FlowEngine;

/** Messages as flows that share links fairly at every moment. */
final class FlowNetwork extends JobNetwork {
  private final FlowPaths paths;
  private final FlowEngine engine;
  private final List<IncastSource> background = new ArrayList<>();

  FlowNetwork(FlowPaths paths) {
    this.paths = paths;
    this.engine = new FlowEngine(paths.rates());
    engine.onDelivery(this::delivered);
  }

  private void delivered(int message, long timePs) {
    for (IncastSource source : background) {
      if (source.delivered(message)) {
        return;
      }
    }
    listener.delivered(message, timePs);
  }

  @Override
  public void onWakeUp(WakeUpListener hears) {
    engine.onWakeUp(hears::wokeUp);
  }

  @Override
  public int open(int sourceGpu, int destinationGpu) {
    return paths.open(engine, sourceGpu, destinationGpu);
  }

  @Override
  public int send(int flow, long bytes, long notBeforePs) {
    return engine.send(flow, paths.wire(bytes), notBeforePs);
  }

  @Override
  public void at(long timePs, int gpu, int token) {
    engine.at(timePs, token);
  }

  @Override
  public long now() {
    return engine.now();
  }

  @Override
  public void share(Incast incast, int[] senders, int receiver) {
    background.add(
        new IncastSource(
            new IncastSource.Carrier() {
              @Override
              public int open(int source, int destination) {
                return FlowNetwork.this.open(source, destination);
              }

              @Override
              public int send(int flow, long bytes, long notBeforePs) {
                return FlowNetwork.this.send(flow, bytes, notBeforePs);
              }

              @Override
              public long heardAt() {
                return engine.now();
              }
            },
            incast,
            senders,
            receiver,
            engine.now()));
  }

  @Override
  public void run(BooleanSupplier done, String work) {
    engine.run(done);
    if (!done.getAsBoolean()) {
      throw new IllegalStateException(
          "the network has come to rest at %d ps before %s was done".formatted(engine.now(), work));
    }
  }

  @Override
  public NetworkLoad load() {
    long[] sent = new long[engine.flows()];
    Arrays.setAll(sent, engine::sentBytes);
    return paths.load(sent, engine.now());
  }
}
