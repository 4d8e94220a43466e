package weft.engine.packet;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Packet-hops a second on one core: a random permutation of 2 MB flows on a three-tier fat-tree of
 * k-port switches, 100 Gb/s and 1 us a cable, MTU 4096, ECMP, DCQCN, RED, PFC and the audit on. A
 * hop is one packet leaving one port, acknowledgements counted. {@link PacketEngineSpeed} measures
 * the whole process and several threads.
 *
 * <pre>
 * ./mvnw -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
 * java -cp target/test-classes:target/classes:$(cat target/classpath) \
 *     weft.engine.packet.PacketEngineBenchmark
 * </pre>
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgs = "-Xmx1g")
@Warmup(iterations = 3, time = 4)
@Measurement(iterations = 5, time = 4)
@State(Scope.Thread)
public class PacketEngineBenchmark {
  /** Ports of a switch: 128 or 1,024 hosts. */
  @Param({"8", "16"})
  public int k;

  private PacketEngineSpeed.Case permutation;

  /** Packet-hops and events, as rates beside the time. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Count {
    /** Packet-hops. */
    public long hops;

    /** Events. */
    public long events;
  }

  /** The fabric and who writes to whom. */
  @Setup
  public void build() {
    permutation = PacketEngineSpeed.Case.of(k);
  }

  /** One run from the first packet to the last acknowledgement. */
  @Benchmark
  public PacketEngine permutation(Count count) {
    PacketEngine engine = permutation.engine(1);
    engine.run();
    count.hops += engine.packetHops();
    count.events += engine.events();
    return engine;
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws RunnerException {
    new Runner(new OptionsBuilder().include(PacketEngineBenchmark.class.getName()).build()).run();
  }
}
