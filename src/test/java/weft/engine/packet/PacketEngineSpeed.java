package weft.engine.packet;

import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.us;

import java.lang.management.ManagementFactory;
import org.apache.commons.math3.random.RandomDataGenerator;
import weft.cluster.Server;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.sim.RandomStreams;
import weft.transport.Dcqcn;
import weft.transport.RoceV2;
import weft.transport.Tcp;
import weft.transport.Transport;

/**
 * Packet-hops a second of the whole process: a random permutation of 2 MB flows on a three-tier
 * fat-tree of k-port switches, 100 Gb/s and 1 us a cable, MTU 4096, DCQCN, ECN, PFC, counters and
 * audit on. A hop is one packet leaving one port, acknowledgements counted.
 *
 * <pre>
 * java -Xmx1g -cp ... weft.engine.packet.PacketEngineSpeed 16 6 1 2    (k, runs, numbers of threads)
 * java -Xmx1g -cp ... weft.engine.packet.PacketEngineSpeed leaf-spine 6
 * </pre>
 */
final class PacketEngineSpeed {
  private static final int BYTES = 2_000_000;

  private PacketEngineSpeed() {}

  /**
   * The fabric and who writes to whom.
   *
   * @param to by GPU: whom it writes to, one cycle through all
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Case(Fabric fabric, Transport transport, int[] to) {
    static Case of(int k) {
      Fabric fabric = Fabric.fatTree().k(k).nic(gbps(100)).cable(us(1)).build();
      return of(fabric, RoceV2.lossless(Dcqcn.defaults()));
    }

    /** The case of {@code src/test/peers/leaf_spine.cc}: DCTCP, every segment acknowledged. */
    static Case leafSpine() {
      var host = new Server("host", 1, Server.DGX_H100.accelerator(), gbps(100));
      Fabric fabric =
          Fabric.leafSpine().servers(128, host).leafPorts(16, 16).spines(16).cable(us(1)).build();
      return of(fabric, Tcp.dctcp().segment(bytes(4096)).withoutKernel());
    }

    private static Case of(Fabric fabric, Transport transport) {
      int gpus = fabric.gpus();
      int[] order =
          new RandomDataGenerator(new RandomStreams(1).named("permutation"))
              .nextPermutation(gpus, gpus);
      int[] to = new int[gpus];
      for (int i = 0; i < gpus; i++) {
        to[order[i]] = order[(i + 1) % gpus];
      }
      return new Case(fabric, transport, to);
    }

    /** An engine with everything posted. */
    PacketEngine engine(int threads) {
      var engine = new PacketEngine(fabric, transport, Ecmp.fiveTuple(), 1);
      engine.threads(threads);
      for (int gpu = 0; gpu < to.length; gpu++) {
        engine.send(engine.connect(gpu, to[gpu]), BYTES, 0);
      }
      return engine;
    }
  }

  /**
   * Prints a line a run: seconds on the clock and of this thread's CPU, hops, live heap, checksum.
   */
  public static void main(String[] args) {
    var permutation =
        args[0].equals("leaf-spine") ? Case.leafSpine() : Case.of(Integer.parseInt(args[0]));
    System.out.println(permutation.fabric());
    for (int run = 0; run < Integer.parseInt(args[1]); run++) {
      for (int i = 2; i < Math.max(3, args.length); i++) {
        measure(permutation.engine(args.length > i ? Integer.parseInt(args[i]) : 1));
      }
    }
  }

  private static void measure(PacketEngine engine) {
    var bean = ManagementFactory.getThreadMXBean();
    long cpu = bean.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    engine.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuSeconds = (bean.getCurrentThreadCpuTime() - cpu) / 1e9;
    System.gc();
    var memory = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    System.out.printf(
        "%d threads: %.2f s (CPU %.2f s), %.2f M hops, %.2f M hops/s, %.2f a CPU s, %.2f events a"
            + " hop, live heap %d MB, checksum %016x%n",
        engine.threads(),
        seconds,
        cpuSeconds,
        engine.packetHops() / 1e6,
        engine.packetHops() / seconds / 1e6,
        engine.packetHops() / cpuSeconds / 1e6,
        (double) engine.events() / engine.packetHops(),
        memory.getUsed() >> 20,
        RandomFabricTest.checksum(engine));
  }
}
