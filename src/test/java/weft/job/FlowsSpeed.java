package weft.job;

import static weft.units.Units.gb;
import static weft.units.Units.gbps;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import weft.cluster.Server;
import weft.collective.AllReduce;
import weft.collective.AllToAll;
import weft.experiment.Experiment;
import weft.experiment.Fidelity;
import weft.experiment.Flow;
import weft.experiment.Traffic;
import weft.fabric.Fabric;
import weft.llm.Transformer;
import weft.parallel.ParallelPlan;
import weft.parallel.Sharding;
import weft.routing.Ecmp;
import weft.routing.LoadBalancing;
import weft.routing.Spray;
import weft.units.DataSize;

/**
 * What flows cost a reader, from the experiment to its result: CPU of this thread, most heap, and
 * how much was allocated.
 *
 * <pre>
 * java -Xmx4g -cp ... weft.job.FlowsSpeed permutation spray 16 3   (ports a switch, runs)
 * </pre>
 *
 * <p>A permutation of 8 MiB, an AllToAll or a ring AllReduce over a three-tier fat-tree of so many
 * ports a switch (16 has 1,024 hosts, 26 has 4,394, 40 has 16,000); 8 random flows a host over two
 * tiers of so many leaves of as many hosts; a step of Llama 3 405B on so many servers of 8 GPUs.
 */
final class FlowsSpeed {
  private FlowsSpeed() {}

  public static void main(String[] args) {
    LoadBalancing balancing = args[1].equals("spray") ? Spray.perPacket() : Ecmp.fiveTuple();
    Supplier<Object> run = run(args[0], Integer.parseInt(args[2]), balancing);
    for (int i = 0; i < Integer.parseInt(args[3]); i++) {
      time(String.join(" ", args), run);
    }
  }

  private static void time(String name, Supplier<Object> run) {
    var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    System.gc();
    heap().forEach(MemoryPoolMXBean::resetPeakUsage);
    long cpu = thread.getCurrentThreadCpuTime();
    long bytes = thread.getThreadAllocatedBytes(Thread.currentThread().getId());
    Object result = run.get();
    System.out.printf(
        "%s: CPU %.2f s, heap at most %,d MB, allocated %,d MB: %s%n",
        name,
        (thread.getCurrentThreadCpuTime() - cpu) * 1e-9,
        heap().stream().mapToLong(p -> p.getPeakUsage().getUsed()).sum() >> 20,
        (thread.getThreadAllocatedBytes(Thread.currentThread().getId()) - bytes) >> 20,
        result);
  }

  private static List<MemoryPoolMXBean> heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  private static Supplier<Object> run(String what, int size, LoadBalancing balancing) {
    if (what.equals("job")) {
      return job(size, balancing);
    }
    if (what.equals("random")) {
      Fabric tiers =
          Fabric.leafSpine().hosts(size * size).leafPorts(size, size).nic(gbps(100)).build();
      return () -> experiment(tiers, balancing).run(random(tiers.gpus())).run().completion();
    }
    Fabric fabric = Fabric.fatTree().k(size).nic(gbps(100)).cable(us(1)).build();
    Experiment on = experiment(fabric, balancing);
    Experiment sends =
        switch (what) {
          case "permutation" -> on.run(permutation(fabric.gpus()));
          case "alltoall" -> on.run(AllToAll.direct().of(gb(1)));
          default -> on.run(AllReduce.ring().of(gb(1)));
        };
    return () -> sends.run().completion();
  }

  private static Experiment experiment(Fabric fabric, LoadBalancing balancing) {
    return Experiment.on(fabric).balancing(balancing).at(Fidelity.flows());
  }

  private static Traffic permutation(int hosts) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, hosts).boxed().toList());
    Collections.shuffle(order, new Random(1));
    List<Flow> flows = new ArrayList<>();
    for (int i = 0; i < hosts; i++) {
      flows.add(
          new Flow(
              order.get(i),
              order.get((i + 1) % hosts),
              new DataSize(mib(8).bytes() + 1013L * i),
              us(0)));
    }
    return Traffic.of(flows.toArray(Flow[]::new));
  }

  private static Traffic random(int hosts) {
    var random = new Random(1);
    List<Flow> flows = new ArrayList<>();
    for (int f = 0; f < 8 * hosts; f++) {
      int other = random.nextInt(hosts - 1);
      flows.add(
          new Flow(
              f / 8, other + (other >= f / 8 ? 1 : 0), new DataSize(1_000_000 + 1013L * f), us(0)));
    }
    return Traffic.of(flows.toArray(Flow[]::new));
  }

  private static Supplier<Object> job(int servers, LoadBalancing balancing) {
    var plan =
        ParallelPlan.of(8 * servers)
            .tensor(8)
            .pipeline(16)
            .embeddingsAsLayers()
            .sequenceParallel()
            .flashAttention()
            .overlapped()
            .sharded(Sharding.ZERO_1);
    TrainingJob job =
        Job.training(Transformer.LLAMA3_405B)
            .on(servers, Server.DGX_H100)
            .plan(plan)
            .globalBatch(2048);
    Fabric fabric =
        Fabric.railOptimized().servers(servers, Server.DGX_H100).leafRadix(64).pods(64).build();
    return () -> Jobs.on(fabric).balancing(balancing).add("405B", job).run();
  }
}
