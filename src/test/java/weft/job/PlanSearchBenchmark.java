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
import weft.llm.Transformer;
import weft.parallel.ParallelPlan;

/**
 * The search for the best plan on 16,384 GPUs: of Llama 3 405B, a dense model, and of DeepSeek-V3,
 * whose 256 experts are one more degree.
 *
 * <pre>
 * ./mvnw -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
 * java -cp target/test-classes:target/classes:$(cat target/classpath) weft.job.PlanSearchBenchmark
 * </pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "-Xmx1g")
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@State(Scope.Thread)
public class PlanSearchBenchmark {
  private static final int SERVERS = 2048;

  /** Name of a model. */
  @Param({"Llama 3 405B", "DeepSeek-V3"})
  public String model;

  private TrainingJob job;

  /** The job. */
  @Setup
  public void build() {
    boolean dense = Transformer.LLAMA3_405B.name().equals(model);
    var plan = ParallelPlan.of(8 * SERVERS).sequenceParallel().flashAttention().float32Gradients();
    job =
        Job.training(dense ? Transformer.LLAMA3_405B : Transformer.DEEPSEEK_V3)
            .on(SERVERS, Server.DGX_H100)
            .plan(plan)
            .globalBatch(16_384);
  }

  /** Every plan that fits, the fastest first. */
  @Benchmark
  public PlanRanking search() {
    return job.bestPlans();
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws RunnerException {
    new Runner(new OptionsBuilder().include(PlanSearchBenchmark.class.getName()).build()).run();
  }
}
