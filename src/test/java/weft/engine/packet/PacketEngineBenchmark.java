package weft.engine.packet;

import static weft.units.Units.gbps;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.apache.commons.math3.random.RandomGenerator;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import weft.cluster.Server;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.sim.RandomStreams;
import weft.transport.Dcqcn;
import weft.transport.RoceV2;

/**
 * Packet-hops a second on one core: 128 servers of 8 GPUs on a leaf-spine, 100 Gb/s NICs, a random
 * permutation in which no GPU writes to its own server, 2 MB each, MTU 4096, ECMP, DCQCN and PFC
 * on. A hop is one packet leaving one port, acknowledgements counted.
 *
 * <pre>
 * ./mvnw -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
 * java -cp target/test-classes:target/classes:$(cat target/classpath) \
 *     weft.engine.packet.PacketEngineBenchmark
 * </pre>
 *
 * On a busy machine add a number of runs: those are timed by the thread's CPU time.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgs = "-Xmx1g")
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@State(Scope.Thread)
public class PacketEngineBenchmark {
  private static final int BYTES = 2_000_000;

  private final Fabric fabric =
      Fabric.leafSpine().servers(128, Server.DGX_H100.nic(gbps(100))).build();
  private final int[] to = permutation(fabric.gpus(), 8, new RandomStreams(1).named("pairs"));

  /** Packet-hops and events, as rates beside the time. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Count {
    /** Packet-hops. */
    public long hops;

    /** Events. */
    public long events;
  }

  /** One run from the first packet to the last acknowledgement. */
  @Benchmark
  public PacketEngine permutation(Count count) {
    var engine = run();
    count.hops += engine.packetHops();
    count.events += engine.events();
    return engine;
  }

  private PacketEngine run() {
    var engine = new PacketEngine(fabric, RoceV2.lossless(Dcqcn.defaults()), Ecmp.fiveTuple(), 1);
    for (int gpu = 0; gpu < to.length; gpu++) {
      engine.send(engine.connect(gpu, to[gpu]), BYTES, 0);
    }
    engine.run();
    return engine;
  }

  private static int[] permutation(int n, int server, RandomGenerator random) {
    int[] to = new int[n];
    for (int i = 0; i < n; i++) {
      to[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      swap(to, i, random.nextInt(i + 1));
    }
    for (int i = 0; i < n; i++) {
      while (to[i] / server == i / server) {
        int j = random.nextInt(n);
        if (to[j] / server != i / server && to[i] / server != j / server) {
          swap(to, i, j);
        }
      }
    }
    return to;
  }

  private static void swap(int[] a, int i, int j) {
    int t = a[i];
    a[i] = a[j];
    a[j] = t;
  }

  /** Runs the benchmark; with arguments, a bare loop to be profiled. */
  public static void main(String[] args) throws RunnerException {
    if (args.length == 0) {
      new Runner(new OptionsBuilder().include(PacketEngineBenchmark.class.getName()).build()).run();
      return;
    }
    var threads = ManagementFactory.getThreadMXBean();
    var benchmark = new PacketEngineBenchmark();
    for (int i = 0; i < Integer.parseInt(args[0]); i++) {
      long start = threads.getCurrentThreadCpuTime();
      var engine = benchmark.run();
      double seconds = (threads.getCurrentThreadCpuTime() - start) / 1e9;
      System.out.printf(
          "%.2f CPU s, %.2f M hops/s, %.2f events a hop%n",
          seconds,
          engine.packetHops() / seconds / 1e6,
          (double) engine.events() / engine.packetHops());
    }
  }
}
