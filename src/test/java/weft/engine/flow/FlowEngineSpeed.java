package weft.engine.flow;

import static weft.units.Units.gbps;
import static weft.units.Units.us;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.apache.commons.math3.random.RandomDataGenerator;
import org.apache.commons.math3.random.Well19937c;

/**
 * Times the cases of {@code src/test/peers/simgrid.cc} in the whole process.
 *
 * <pre>
 * java -Xmx1g -cp ... weft.engine.flow.FlowEngineSpeed tree 32 5     (hosts a leaf, runs)
 * java -Xmx1g -cp ... weft.engine.flow.FlowEngineSpeed ring 1024 5   (ranks, runs)
 * </pre>
 */
final class FlowEngineSpeed {
  private static final int FLOWS = 8; // a host

  private FlowEngineSpeed() {}

  public static void main(String[] args) {
    int n = Integer.parseInt(args[1]);
    if (args[0].equals("flows")) {
      for (long[] flow : flows(n)) {
        System.out.println(flow[0] + " " + flow[1] + " " + flow[2]);
      }
      return;
    }
    for (int run = 0; run < Integer.parseInt(args[2]); run++) {
      long start = System.nanoTime();
      long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      FlowEngine engine = args[0].equals("tree") ? tree(n) : ring(n);
      engine.run();
      System.out.printf(
          "%s %d: %.3f s (CPU %.3f s), %,d messages delivered, makespan %.6f s, %,d fillings, %.1f flows each%n",
          args[0],
          n,
          (System.nanoTime() - start) * 1e-9,
          (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) * 1e-9,
          engine.delivered(),
          engine.now() * 1e-12,
          engine.fillings(),
          (double) engine.filledFlows() / engine.fillings());
    }
  }

  /** Source, destination and bytes of 8 random flows a host, all sizes distinct. */
  private static long[][] flows(int n) {
    int hosts = n * n;
    long[][] flows = new long[FLOWS * hosts][];
    var random = new RandomDataGenerator(new Well19937c(1));
    for (int f = 0; f < flows.length; f++) {
      int source = f / FLOWS;
      int destination = random.nextInt(0, hosts - 2);
      flows[f] =
          new long[] {source, destination + (destination >= source ? 1 : 0), 1_000_000 + 1013L * f};
    }
    return flows;
  }

  /** n leaves of n hosts and n spines, 100 Gb/s everywhere, spine by (source + destination). */
  static FlowEngine tree(int n) {
    int hosts = n * n;
    FlowEngine engine = links(4 * hosts);
    for (long[] flow : flows(n)) {
      int source = (int) flow[0];
      int destination = (int) flow[1];
      int from = source / n;
      int to = destination / n;
      int spine = (source + destination) % n;
      int up = 2 * hosts + from * n + spine;
      int down = 3 * hosts + spine * n + to;
      int[] path =
          from == to
              ? new int[] {source, hosts + destination}
              : new int[] {source, up, down, hosts + destination};
      engine.send(engine.open(path, us(path.length).ps()), flow[2], 0);
    }
    return engine;
  }

  private static FlowEngine links(int count) {
    double[] capacity = new double[count];
    Arrays.fill(capacity, (double) gbps(100).bitsPerSecond());
    return new FlowEngine(capacity);
  }

  /** 1 GB in a ring over n hosts at one switch, each step after the one before has arrived. */
  static FlowEngine ring(int n) {
    FlowEngine engine = links(2 * n);
    int[] steps = new int[n];
    for (int r = 0; r < n; r++) {
      engine.open(new int[] {r, n + (r + 1) % n}, us(2).ps());
      engine.send(r, 1_000_000_000 / n, 0);
      steps[r] = 2 * (n - 1) - 1;
    }
    engine.onDelivery(
        (message, time) -> {
          int next = (engine.flow(message) + 1) % n;
          if (steps[next]-- > 0) {
            engine.send(next, 1_000_000_000 / n, time);
          }
        });
    return engine;
  }
}
