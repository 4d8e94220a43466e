package weft.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import weft.engine.flow.FlowEngine;
import weft.fault.FaultPlan;
import weft.transport.Scheduling;
import weft.transport.Transport;
import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/** Messages as flows that share links fairly at every moment. */
final class FlowNetwork extends JobNetwork {
  private static final int LINES = 10; // of messages that are stuck

  private final FlowPaths paths;
  private final FlowEngine engine;
  private final FlowFaults faults;
  private final List<Bursts> background = new ArrayList<>();
  private long[] payload = new long[64]; // by message, bytes

  FlowNetwork(
      FlowPaths paths, FaultPlan plan, Transport transport, Scheduling scheduling, Ends ends) {
    super(ends);
    this.paths = paths;
    this.engine = new FlowEngine(paths.rates(), paths.answers(), scheduling);
    this.faults = new FlowFaults(plan, paths, engine, transport);
    engine.onDelivery(this::delivered);
  }

  FlowEngine engine() {
    return engine;
  }

  /** Whether a fault keeps something from ever arriving. */
  boolean isStuck() {
    return faults.isStuck();
  }

  /** No burst of background traffic comes after those under way. */
  void endBackground() {
    background.forEach(Bursts::end);
  }

  private void delivered(int message, long timePs) {
    for (Bursts source : background) {
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
  public int open(int source, int destination, int inClass) {
    int known = engine.flows();
    int flow = paths.open(engine, source, destination, inClass);
    if (flow == known) {
      faults.opened(flow);
    }
    return flow;
  }

  @Override
  public int send(int flow, long bytes, long notBeforePs) {
    int message = engine.send(flow, paths.wire(bytes), notBeforePs);
    if (message >= payload.length) {
      payload = Arrays.copyOf(payload, 2 * message);
    }
    payload[message] = bytes;
    return message;
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
  public void share(Traffic burst, Time every, ToIntFunction<Flow> inClass) {
    background.add(
        new Bursts(
            new Bursts.Carrier() {
              @Override
              public int open(Flow flow) {
                return FlowNetwork.this.open(
                    flow.source(), flow.destination(), inClass.applyAsInt(flow));
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
            burst,
            every,
            engine.now()));
  }

  @Override
  public void run(BooleanSupplier done, String work) {
    engine.run(done);
    if (!done.getAsBoolean()) {
      throw new IllegalStateException(
          "the network has come to rest at %s before %s was done: %s"
              .formatted(new Time(engine.now()), work, stuck()));
    }
  }

  /** The bytes that were given to {@link #send}. */
  long payload(int message) {
    return payload[message];
  }

  /** Which messages have not arrived, and why; not to be asked if all have. */
  String stuck() {
    int[] missing =
        IntStream.range(0, engine.messages())
            .filter(m -> engine.deliveredPs(m) == FlowEngine.NOT_YET)
            .toArray();
    String lines =
        Arrays.stream(missing).limit(LINES).mapToObj(this::line).collect(Collectors.joining("\n"));
    return "%,d of %,d messages have not arrived:\n%s%s"
        .formatted(
            missing.length,
            engine.messages(),
            lines,
            missing.length > LINES ? "\nand %,d more".formatted(missing.length - LINES) : "");
  }

  private String line(int message) {
    int flow = engine.flow(message);
    PathFinder.Way way = paths.way(flow);
    boolean isFirst = engine.firstMessage(flow) == message;
    return "message %d (%s > %s, %s): %.0f %% sent; %s"
        .formatted(
            message,
            paths.nameOfEnd(way.source()),
            paths.nameOfEnd(way.destination()),
            new DataSize(payload[message]),
            isFirst ? 100 * (1 - engine.leftBytes(flow) / engine.bytes(message)) : 0,
            isFirst ? why(flow) : "waits for earlier messages of its queue pair");
  }

  private String why(int flow) {
    String fault = faults.why(flow);
    long rate = Math.round(engine.bitsPerSecond(flow));
    return fault.isEmpty() && rate > 0
        ? "at %s it is not sent in 104 days, and simulated time does not go on for longer"
            .formatted(new Rate(rate))
        : fault;
  }

  @Override
  public NetworkLoad load() {
    long[] sent = new long[engine.flows()];
    Arrays.setAll(sent, flow -> Math.round(engine.carriedBytes(flow)));
    return paths.load(sent, engine.now());
  }
}
