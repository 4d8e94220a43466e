package weft.experiment;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weft.collective.Schedule;

/** The messages of one job on a network: its ranks' flows, and the transfers of its collectives. */
public final class JobTraffic {
  private final JobNetwork network;
  private final int bytesPerElement;
  private final ArrivalListener listener;
  private final Communicator all;
  private @Nullable CollectiveRun[] runOf = new CollectiveRun[64];
  private int[] transferOf = new int[64];

  /** Ranks that do collectives together, over queue pairs of their own. */
  public final class Communicator {
    private final Ends ends;
    private final Map<Long, Integer> flows = new HashMap<>();

    private Communicator(Ends ends) {
      this.ends = ends;
    }

    /**
     * Makes the queue pairs of a schedule before anything is sent, so that their numbers, on which
     * ECMP depends, are the same however time goes.
     */
    public void open(Schedule schedule) {
      for (int transfer = 0; transfer < schedule.size(); transfer++) {
        flow(schedule, transfer);
      }
    }

    private int flow(Schedule schedule, int transfer) {
      int from = ends.source(schedule, transfer);
      int to = ends.destination(schedule, transfer);
      return flows.computeIfAbsent((long) from << 32 | to, pair -> network.open(from, to));
    }

    /** An execution of the schedule among these ranks. */
    public CollectiveRun start(Schedule schedule) {
      return new CollectiveRun(schedule, this::send);
    }

    private void send(CollectiveRun run, int transfer) {
      Schedule schedule = run.schedule();
      long bytes = (long) schedule.length(transfer) * bytesPerElement;
      int message = network.send(flow(schedule, transfer), bytes, network.now());
      sent(message, run, transfer);
    }
  }

  /** Hears when a rank has all that a collective sends it. */
  @FunctionalInterface
  public interface ArrivalListener {
    /** The rank's array is reduced, at this simulated time. */
    void received(CollectiveRun run, int rank, long timePs);
  }

  /**
   * @param network what carries the messages; this object takes its delivery notices
   * @param bytesPerElement bytes of one array element on the wire
   * @param listener hears of completed ranks
   */
  public JobTraffic(JobNetwork network, int bytesPerElement, ArrivalListener listener) {
    this.network = network;
    all = new Communicator(network.ends());
    this.bytesPerElement = bytesPerElement;
    this.listener = listener;
    network.onDelivery(this::delivered);
  }

  /** An execution of the schedule over this job's queue pairs. */
  public CollectiveRun start(Schedule schedule) {
    return all.start(schedule);
  }

  /** Some other ranks of the same job, which run on these GPUs. */
  public Communicator among(int[] gpuOfRank) {
    return new Communicator(Ends.of(gpuOfRank));
  }

  private void sent(int message, CollectiveRun run, int transfer) {
    if (message >= transferOf.length) {
      int grown = Math.max(message + 1, transferOf.length * 2);
      transferOf = Arrays.copyOf(transferOf, grown);
      runOf = Arrays.copyOf(runOf, grown);
    }
    transferOf[message] = transfer;
    runOf[message] = run;
  }

  private void delivered(int message, long timePs) {
    CollectiveRun run = message < runOf.length ? runOf[message] : null;
    if (run == null) {
      throw new IllegalStateException("message " + message + " has arrived twice");
    }
    int transfer = transferOf[message];
    runOf[message] = null;
    if (run.arrived(transfer)) {
      listener.received(run, run.schedule().to(transfer), timePs);
    }
  }
}
