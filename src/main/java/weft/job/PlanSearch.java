package weft.job;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import weft.cluster.Accelerator;
import weft.llm.Experts;
import weft.parallel.ParallelPlan;
import weft.parallel.PipelineSchedule;
import weft.parallel.PlanMemory;
import weft.parallel.Recomputation;
import weft.parallel.Sharding;
import weft.report.Digits;

/**
 * Tries every plan whose degrees divide what they cut, with every schedule that keeps no more than
 * it must; a plan that a GPU's memory does not hold is left out before its time is worked out, and
 * so is more sharding and recomputation than it needs.
 */
final class PlanSearch {
  private static final int LARGEST_MICRO_BATCH = 16;
  private static final int MOST_CHUNKS = 16;

  /** Longer pieces of a sequence than this are worth cutting. */
  private static final int LONG_SEQUENCE = 8192;

  private static final Comparator<RankedPlan> FASTEST_FIRST =
      Comparator.comparing((RankedPlan r) -> r.step().total())
          .thenComparingDouble(r -> (double) r.memory().total().bytes());

  private final TrainingJob job;
  private final Accelerator accelerator;
  private final int gpus;
  private final List<RankedPlan> found = new ArrayList<>();
  private long tried;

  /** What needs least memory of all that do not fit. */
  private @Nullable PlanMemory leanest;

  private PlanSearch(TrainingJob job) {
    this.job = job;
    accelerator = job.server().accelerator();
    gpus = job.servers() * job.server().gpus();
  }

  static PlanRanking of(TrainingJob job) {
    var search = new PlanSearch(job);
    search.tensor(job.plan());
    if (search.found.isEmpty()) {
      throw new IllegalArgumentException(search.nothing());
    }
    search.found.sort(FASTEST_FIRST);
    return new PlanRanking(job.toString(), search.found, search.tried);
  }

  private String nothing() {
    return leanest == null
        ? "no degrees of %s share out %s and a global batch of %d evenly: give a batch that more degrees divide"
            .formatted(Digits.counted(gpus, "GPU"), job.model().name(), job.globalBatch())
        : "no plan of these GPUs fits, not even the leanest: " + leanest.verdict(accelerator);
  }

  private void tensor(ParallelPlan plan) {
    divisors(job.server().gpus(), t -> context(plan.tensor(t)));
  }

  private void context(ParallelPlan plan) {
    int most = Math.max(1, job.model().sequence() / LONG_SEQUENCE);
    divisors(most, c -> pipeline(plan.context(c)));
  }

  private void pipeline(ParallelPlan plan) {
    stages(plan, job.model().layers());
    stages(plan.embeddingsAsLayers(), job.model().layers() + 2);
  }

  private void stages(ParallelPlan plan, int units) {
    boolean isEven = units == job.model().layers();
    divisors(
        units,
        p -> {
          for (PipelineSchedule schedule : schedules(units, p)) {
            if (isEven || p > 2 || schedule.chunks() > 1) { // two stages have as much either way
              microBatch(plan.pipeline(p, schedule));
            }
          }
        });
  }

  /** GPipe is left out: it waits as long as 1F1B and keeps more. */
  private static List<PipelineSchedule> schedules(int units, int stages) {
    var tried = new ArrayList<PipelineSchedule>();
    tried.add(PipelineSchedule.oneForwardOneBackward());
    if (stages > 1) {
      IntStream.rangeClosed(2, Math.min(MOST_CHUNKS, units / stages))
          .filter(v -> units % (stages * v) == 0)
          .mapToObj(PipelineSchedule::interleaved)
          .forEach(tried::add);
      tried.add(PipelineSchedule.zeroBubbleH1());
      tried.add(PipelineSchedule.zeroBubbleH2());
    }
    return tried;
  }

  private void microBatch(ParallelPlan plan) {
    int replica = plan.tensor() * plan.context() * plan.pipeline();
    if (replica > gpus || gpus % replica != 0) {
      return;
    }
    int data = gpus / replica;
    for (int b = 1; b <= LARGEST_MICRO_BATCH; b *= 2) {
      if (job.globalBatch() % (data * b) == 0) {
        expert(plan.microBatch(b));
      }
    }
  }

  private void expert(ParallelPlan plan) {
    int count = job.model().experts().map(Experts::count).orElse(1);
    divisors(
        count,
        e -> {
          var cut = plan.expert(e);
          if (cut.problem(job.model(), job.globalBatch()).isEmpty()) {
            sharding(cut);
          }
        });
  }

  /** More is shared out until nothing need be recomputed: it never makes a step shorter. */
  private void sharding(ParallelPlan plan) {
    if (plan.data() * plan.context() == 1) {
      fitsWithoutRecomputation(plan.sharded(Sharding.REPLICATED)); // nobody to share with
      return;
    }
    for (Sharding sharding : List.of(Sharding.ZERO_1, Sharding.ZERO_2, Sharding.ZERO_3)) {
      if (fitsWithoutRecomputation(plan.sharded(sharding))) {
        return;
      }
    }
  }

  private boolean fitsWithoutRecomputation(ParallelPlan plan) {
    for (Recomputation recomputation : Recomputation.values()) {
      var whole = plan.recomputing(recomputation);
      if (whole.problem(job.model(), job.globalBatch()).isPresent()) {
        continue; // zero-bubble schedules keep what full recomputation would throw away
      }
      tried++;
      PlanMemory memory = whole.memory(job.model(), job.globalBatch());
      if (memory.fits(accelerator)) {
        found.add(new RankedPlan(whole, StepTime.of(job.plan(whole)), memory));
        return recomputation == Recomputation.NONE;
      }
      if (leanest == null || memory.total().compareTo(leanest.total()) < 0) {
        leanest = memory;
      }
    }
    return false;
  }

  private static void divisors(int number, Consumer<Integer> each) {
    for (int d = 1; d <= number; d++) {
      if (number % d == 0) {
        each.accept(d);
      }
    }
  }
}
