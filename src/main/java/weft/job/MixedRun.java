package weft.job;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import weft.collective.Schedule;
import weft.collective.SizedCollective;
import weft.engine.packet.PortCounters;
import weft.experiment.CollectiveRun;
import weft.experiment.Experiment;
import weft.experiment.JobNetwork;
import weft.experiment.JobSetup;
import weft.experiment.NetworkLoad;
import weft.experiment.PlacedCollectives;
import weft.fault.Failover;
import weft.fault.FaultPlan;
import weft.units.DataSize;
import weft.units.Time;

/**
 * A collective beside storage traffic, until the collective is complete.
 *
 * @param traffic what storage does
 * @param completion of the collective
 * @param load what the ports did until then
 */
record MixedRun(StorageTraffic traffic, Time completion, NetworkLoad load) {
  static MixedRun of(
      SharedBackend backend, SizedCollective collective, StorageTraffic traffic, DataSize perGpu) {
    return new Carried(backend, collective).run(traffic, perGpu.bytes());
  }

  /** Whether any port stopped the collective's class. */
  boolean isCollectivePaused() {
    return load.classes().stream().anyMatch(c -> c.trafficClass() == 0 && c.pausesReceived() > 0);
  }

  /** The port outside servers with the most of something, if there is any. */
  Optional<String> most(ToLongFunction<PortCounters> counter) {
    return load.ports().stream()
        .filter(p -> !load.fabric().isScaleUp(load.fabric().links().get(p.link())))
        .filter(p -> counter.applyAsLong(p) > 0)
        .max(Comparator.comparingLong(counter))
        .map(PortCounters::name);
  }

  /** The network of one run. */
  private static final class Carried {
    private static final int STORAGE = -1;

    private final Schedule schedule;
    private final JobNetwork network;
    private final int gpus;
    private final int storageNodes;
    private final int storageClass;
    private final Map<Long, Integer> flows = new HashMap<>();
    private final CollectiveRun collective;
    private int[] transferOf = new int[1024]; // by message
    private int missing;

    Carried(SharedBackend backend, SizedCollective what) {
      gpus = backend.fabric.gpus();
      storageNodes = backend.fabric.endpoints() - gpus;
      storageClass = backend.scheduling.classes().size() - 1;
      Schedule planned = what.collective().plan(gpus, what.elements());
      int[] packed = IntStream.range(0, gpus).toArray();
      int bytes = SizedCollective.BYTES_PER_ELEMENT;
      var placed = PlacedCollectives.of(backend.fabric, packed, List.of(planned), bytes);
      schedule = placed.schedules().get(0);
      var setup =
          new JobSetup(
              backend.fabric,
              Experiment.defaultTransport(backend.balancing),
              backend.balancing,
              backend.scheduling,
              FaultPlan.of(backend.fabric, List.of(), Failover.DEFAULT),
              backend.seed);
      network = backend.fidelity.network(setup, placed);
      collective = new CollectiveRun(schedule, (run, transfer) -> transfer(transfer));
      missing = schedule.size();
    }

    MixedRun run(StorageTraffic traffic, long bytes) {
      network.onDelivery((message, timePs) -> delivered(message));
      for (int t = 0; t < schedule.size(); t++) {
        flow(source(t), destination(t), 0); // the same paths, whatever storage does
      }
      for (int rank = 0; rank < gpus; rank++) {
        collective.ready(rank);
      }
      for (int gpu = 0; gpu < gpus; gpu++) {
        int node = gpus + gpu % storageNodes;
        if (traffic.writes()) {
          send(gpu, node, bytes, STORAGE);
        }
        if (traffic.reads()) {
          send(node, gpu, bytes, STORAGE);
        }
      }
      network.run(() -> missing == 0, "the collective");
      return new MixedRun(traffic, new Time(network.now()), network.load());
    }

    /** GPUs write to each other for the collective alone, so a pair has one class. */
    private int flow(int from, int to, int inClass) {
      return flows.computeIfAbsent((long) from << 32 | to, pair -> network.open(from, to, inClass));
    }

    private void transfer(int transfer) {
      long bytes = (long) schedule.length(transfer) * SizedCollective.BYTES_PER_ELEMENT;
      send(source(transfer), destination(transfer), bytes, transfer);
    }

    private int source(int transfer) {
      return network.source(schedule, transfer);
    }

    private int destination(int transfer) {
      return network.destination(schedule, transfer);
    }

    private void send(int from, int to, long bytes, int transfer) {
      int message = network.send(flow(from, to, ofClass(transfer)), bytes, network.now());
      if (message >= transferOf.length) {
        transferOf = Arrays.copyOf(transferOf, Math.max(message + 1, 2 * transferOf.length));
      }
      transferOf[message] = transfer;
    }

    private int ofClass(int transfer) {
      return transfer == STORAGE ? storageClass : 0;
    }

    private void delivered(int message) {
      int transfer = transferOf[message];
      if (transfer != STORAGE) {
        missing--;
        collective.arrived(transfer);
      }
    }
  }
}
