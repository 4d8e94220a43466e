package weft.parallel;

import java.util.List;
import java.util.Optional;
import weft.units.Check;

/**
 * The two handcrafted schedules of Qi et al., Zero Bubble Pipeline Parallelism, ICLR 2024, section
 * 2. Stage i begins {@code depth (p - 1 - i) + 1} forward passes before its first backward pass,
 * and its gradients of weights come {@code depth i} micro-batches after those of inputs.
 */
enum ZeroBubble implements PipelineSchedule {
  H1(1),
  H2(2);

  private final int depth;

  ZeroBubble(int depth) {
    this.depth = depth;
  }

  @Override
  public Optional<String> problem(int stages, int microBatches) {
    int least = kept(stages);
    return microBatches >= least
        ? Optional.empty()
        : Optional.of(
            "%s needs %d micro-batches to fill %d stages, but there are %d"
                .formatted(this, least, stages, microBatches));
  }

  /**
   * {@code p} by ZB-H1, {@code 2p - 1} by ZB-H2, until their weights' gradients are done, which
   * need a little less than inputs' gradients do (section 2.3).
   */
  @Override
  public double held(int stage, int stages, int microBatches) {
    PlanCheck.schedule(this, stages, microBatches);
    Check.index("stage", stage, stages);
    return kept(stages);
  }

  private int kept(int stages) {
    return depth * (stages - 1) + 1;
  }

  @Override
  public List<PipelinePass> order(int stage, int stages, int microBatches) {
    PlanCheck.schedule(this, stages, microBatches);
    Check.index("stage", stage, stages);
    return PassOrder.split(depth * (stages - 1 - stage), depth * stage, microBatches);
  }

  /** Table 2, for {@code W <= F}; held against {@link PipelineTimeline} for others. */
  @Override
  public double bubbleShare(PassTimes times) {
    double filled = depth * Math.min(1, times.weightGradient());
    return Math.max(0, 1 + times.inputGradient() - filled) / times.all();
  }

  @Override
  public String toString() {
    return "ZB-" + name();
  }
}
