package weft.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weft.collective.Schedule;
import weft.engine.packet.PacketEngine;
import weft.routing.QueuePairSplit;

/**
 * The messages of one job on an engine: its ranks' queue pairs, the transfers of its collectives,
 * and what else shares the network.
 */
public final class JobTraffic {
  private final PacketEngine engine;
  private final int[] gpuOfRank;
  private final int bytesPerElement;
  private final ArrivalListener listener;
  private final Map<Long, Integer> flows = new HashMap<>();
  private final List<IncastSource> background = new ArrayList<>();
  private final Lanes lanes;
  private @Nullable CollectiveRun[] runOf = new CollectiveRun[64];
  private int[] transferOf = new int[64];

  /** Hears when a rank has all that a collective sends it. */
  @FunctionalInterface
  public interface ArrivalListener {
    /** The rank's array is reduced, at this simulated time. */
    void received(CollectiveRun run, int rank, long timePs);
  }

  /**
   * @param engine what carries the messages; this object takes its delivery notices
   * @param split what each pair of ranks deals its messages to
   * @param gpuOfRank where each rank runs
   * @param bytesPerElement bytes of one array element on the wire
   * @param listener hears of completed ranks
   */
  public JobTraffic(
      PacketEngine engine,
      QueuePairSplit split,
      int[] gpuOfRank,
      int bytesPerElement,
      ArrivalListener listener) {
    this.engine = engine;
    this.lanes = new Lanes(engine, split);
    this.gpuOfRank = gpuOfRank.clone();
    this.bytesPerElement = bytesPerElement;
    this.listener = listener;
    engine.onDelivery(this::delivered);
  }

  Lanes lanes() {
    return lanes;
  }

  /** An execution of the schedule over this job's queue pairs. */
  public CollectiveRun start(Schedule schedule) {
    return new CollectiveRun(schedule, this::send);
  }

  /** Lets an incast share the network from now on. */
  public void share(Incast incast, int[] senders) {
    background.add(new IncastSource(engine, incast, senders, incast.target(gpuOfRank)));
  }

  private void send(CollectiveRun run, int transfer) {
    Schedule schedule = run.schedule();
    int from = schedule.from(transfer);
    int to = schedule.to(transfer);
    int flow =
        flows.computeIfAbsent(
            (long) from << 32 | to, pair -> lanes.open(gpuOfRank[from], gpuOfRank[to]));
    long bytes = (long) schedule.length(transfer) * bytesPerElement;
    int message = lanes.send(flow, bytes, engine.now());
    if (message >= transferOf.length) {
      int grown = Math.max(message + 1, transferOf.length * 2);
      transferOf = Arrays.copyOf(transferOf, grown);
      runOf = Arrays.copyOf(runOf, grown);
    }
    transferOf[message] = transfer;
    runOf[message] = run;
  }

  private void delivered(int part, long timePs) {
    if (!lanes.owns(part)) {
      background.forEach(source -> source.delivered(part));
      return;
    }
    int message = lanes.arrived(part);
    CollectiveRun run = message == Lanes.NONE ? null : runOf[message];
    if (run == null) {
      return; // other parts are still missing
    }
    int transfer = transferOf[message];
    runOf[message] = null;
    if (run.arrived(transfer)) {
      listener.received(run, run.schedule().to(transfer), timePs);
    }
  }
}
