package weft.job;

import static weft.units.Units.gb;
import static weft.units.Units.gbps;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import weft.collective.AllReduce;
import weft.collective.AllToAll;
import weft.experiment.Experiment;
import weft.experiment.Fidelity;
import weft.experiment.Flow;
import weft.experiment.Run;
import weft.experiment.Traffic;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.routing.Spray;
import weft.units.DataSize;

/**
 * What flows cost a reader, from the experiment to its result; the first of the runs is cold.
 *
 * <ul>
 *   <li>{@code random}: 8 flows of about 1 MB a host over two tiers of so many leaves of as many
 *       hosts, all sizes distinct: 32 are 1,024 hosts and 8,192 flows;
 *   <li>{@code ring}, {@code permutation} (8 MiB), {@code alltoall}: over a three-tier fat-tree of
 *       so many ports a switch: 16 are 1,024 hosts, 40 are 16,000, 82 are 137,842. Of a ring only
 *       the rounds before they repeat are simulated.
 * </ul>
 *
 * <pre>
 * ./mvnw -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
 * java -cp target/test-classes:target/classes:$(cat target/classpath) weft.job.FlowsBenchmark \
 *     -p what=ring -p size=82 -prof gc
 * </pre>
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "-Xmx4g")
@Warmup(iterations = 0)
@Measurement(iterations = 4)
@State(Scope.Benchmark)
public class FlowsBenchmark {
  /** Who sends to whom. */
  @Param({"random", "ring", "permutation"})
  public String what;

  /** Of the fabric. */
  @Param("16")
  public int size;

  /** Whether packets are sprayed, or else flows keep to the path that ECMP hashes them to. */
  @Param({"false", "true"})
  public boolean sprayed;

  private Experiment experiment;

  /** The fabric and what is sent. */
  @Setup
  public void build() {
    Fabric fabric =
        what.equals("random")
            ? Fabric.leafSpine().hosts(size * size).leafPorts(size, size).nic(gbps(100)).build()
            : Fabric.fatTree().k(size).nic(gbps(100)).cable(us(1)).build();
    Experiment on =
        Experiment.on(fabric)
            .balancing(sprayed ? Spray.perPacket() : Ecmp.fiveTuple())
            .at(Fidelity.flows());
    experiment =
        switch (what) {
          case "random" -> on.run(random(fabric.gpus()));
          case "permutation" -> on.run(permutation(fabric.gpus()));
          case "alltoall" -> on.run(AllToAll.direct().of(gb(1)));
          case "ring" -> on.run(AllReduce.ring().of(gb(1)));
          default -> throw new IllegalArgumentException("no traffic is called " + what);
        };
  }

  /** All of it. */
  @Benchmark
  public Run run() {
    return experiment.run();
  }

  private static Traffic permutation(int hosts) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, hosts).boxed().toList());
    Collections.shuffle(order, new Random(1));
    List<Flow> flows = new ArrayList<>();
    for (int i = 0; i < hosts; i++) {
      var bytes = new DataSize(mib(8).bytes() + 1013L * i);
      flows.add(new Flow(order.get(i), order.get((i + 1) % hosts), bytes, us(0)));
    }
    return Traffic.of(flows.toArray(Flow[]::new));
  }

  private static Traffic random(int hosts) {
    var random = new Random(1);
    List<Flow> flows = new ArrayList<>();
    for (int f = 0; f < 8 * hosts; f++) {
      int other = random.nextInt(hosts - 1);
      int to = other + (other >= f / 8 ? 1 : 0);
      flows.add(new Flow(f / 8, to, new DataSize(1_000_000 + 1013L * f), us(0)));
    }
    return Traffic.of(flows.toArray(Flow[]::new));
  }

  /** Runs the benchmark with JMH's options. */
  public static void main(String[] args) throws RunnerException, CommandLineOptionException {
    new Runner(
            new OptionsBuilder()
                .parent(new CommandLineOptions(args))
                .include(FlowsBenchmark.class.getName())
                .build())
        .run();
  }
}
