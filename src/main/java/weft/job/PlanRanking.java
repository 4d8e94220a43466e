package weft.job;

import java.util.List;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.parallel.ParallelPlan;
import weft.report.Numbers;
import weft.report.Tabular;

/** Plans that fit into memory, the fastest first. */
public final class PlanRanking implements Tabular {
  private static final int ROWS = 20;

  private final String job;
  private final List<RankedPlan> plans;
  private final long tried;

  PlanRanking(String job, List<RankedPlan> plans, long tried) {
    this.job = job;
    this.plans = List.copyOf(plans);
    this.tried = tried;
  }

  /** The fastest. */
  public RankedPlan best() {
    return plans.get(0);
  }

  /** All that fit, the fastest first. */
  public List<RankedPlan> plans() {
    return plans;
  }

  /** How many plans were looked at, those that do not fit too. */
  public long tried() {
    return tried;
  }

  /** A row a plan, the 20 fastest: degrees, step, MFU, memory. */
  @Override
  public Table table() {
    String[] degrees = {"tensor", "context", "expert", "pipeline", "data", "micro-batch"};
    var table = Table.create("Plans of " + job);
    for (String degree : degrees) {
      table.addColumns(IntColumn.create(degree));
    }
    var schedule = StringColumn.create("schedule");
    var sharding = StringColumn.create("sharded");
    var recomputation = StringColumn.create("recomputed");
    var step = Numbers.column("step (s)");
    var mfu = Numbers.column("MFU (%)");
    var memory = Numbers.column("memory (GB)");
    for (RankedPlan ranked : plans.subList(0, Math.min(ROWS, plans.size()))) {
      int[] values = degrees(ranked.plan());
      for (int i = 0; i < values.length; i++) {
        table.intColumn(i).append(values[i]);
      }
      schedule.append(ranked.plan().pipeline() > 1 ? ranked.plan().schedule().toString() : "");
      sharding.append(ranked.plan().sharding().toString());
      recomputation.append(ranked.plan().recomputation().toString());
      step.append(ranked.step().total().seconds());
      mfu.append(100 * ranked.step().mfu());
      memory.append(ranked.memory().total().bytes() / 1e9);
    }
    return table.addColumns(schedule, sharding, recomputation, step, mfu, memory);
  }

  private static int[] degrees(ParallelPlan plan) {
    return new int[] {
      plan.tensor(), plan.context(), plan.expert(), plan.pipeline(), plan.data(), plan.microBatch()
    };
  }

  /** How many fit, and the fastest. */
  @Override
  public String toString() {
    return "%s: %d of %d plans fit, the fastest is %s with %s a step"
        .formatted(job, plans.size(), tried, best().plan(), best().step().total());
  }
}
