package weft.job;

import java.util.concurrent.TimeUnit;
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
import weft.cluster.Server;
import weft.fabric.Fabric;
import weft.llm.Transformer;
import weft.parallel.ParallelPlan;
import weft.parallel.Sharding;
import weft.routing.Ecmp;
import weft.routing.Spray;

/**
 * A step of Llama 3 405B on 16,384 GPUs, tensor 8, pipeline 16, data 128 (Llama Team 2024, table
 * 4): by closed forms, and with every exchange's flows on a rail-optimised fabric of 512 leaves in
 * 64 pods, 512 spines and 256 cores. The fabric is made before.
 *
 * <pre>
 * ./mvnw -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
 * java -cp target/test-classes:target/classes:$(cat target/classpath) weft.job.LargeStepBenchmark
 * </pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "-Xmx2g")
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@State(Scope.Thread)
public class LargeStepBenchmark {
  private static final int SERVERS = 2048;

  /** Whether packets are sprayed, or else flows keep to the path that ECMP hashes them to. */
  @Param({"false", "true"})
  public boolean sprayed;

  private TrainingJob job;
  private Fabric fabric;

  /** The job and the fabric. */
  @Setup
  public void build() {
    var plan =
        ParallelPlan.of(8 * SERVERS)
            .tensor(8)
            .pipeline(16)
            .embeddingsAsLayers()
            .sequenceParallel()
            .flashAttention()
            .overlapped()
            .sharded(Sharding.ZERO_1);
    job =
        Job.training(Transformer.LLAMA3_405B)
            .on(SERVERS, Server.DGX_H100)
            .plan(plan)
            .globalBatch(2048);
    fabric =
        Fabric.railOptimized().servers(SERVERS, Server.DGX_H100).leafRadix(64).pods(64).build();
  }

  /** NICs at their full rate. */
  @Benchmark
  public StepTime closedForms() {
    return job.run();
  }

  /** Flows share the fabric's links fairly. */
  @Benchmark
  public JobsRun onAFabric() {
    return Jobs.on(fabric)
        .balancing(sprayed ? Spray.perPacket() : Ecmp.fiveTuple())
        .add("405B", job)
        .run();
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws RunnerException {
    new Runner(new OptionsBuilder().include(LargeStepBenchmark.class.getName()).build()).run();
  }
}
