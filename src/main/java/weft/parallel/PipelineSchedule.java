package weft.parallel;

import java.util.List;
import java.util.Optional;
import tech.tablesaw.api.Table;
import weft.report.Picture;
import weft.units.Check;

/**
 * In which order a pipeline's stages work on micro-batches (Narayanan et al., SC21, section 2.2; Qi
 * et al., ICLR 2024). Stages are {@code p}, micro-batches {@code m}.
 */
public sealed interface PipelineSchedule
    permits PipelineSchedule.GPipe,
        PipelineSchedule.OneForwardOneBackward,
        PipelineSchedule.Interleaved,
        ZeroBubble {
  /** All forward passes, then all backward passes (GPipe: Huang et al., NeurIPS 2019). */
  static PipelineSchedule gPipe() {
    return new GPipe();
  }

  /** Backward passes as early as they can be, so that fewer micro-batches are kept (PipeDream). */
  static PipelineSchedule oneForwardOneBackward() {
    return new OneForwardOneBackward();
  }

  /**
   * 1F1B on stages that are cut into chunks: a GPU has {@code chunks} pieces of the model, p stages
   * apart, and the bubble is so many times shorter.
   *
   * @param chunks at least 2
   */
  static PipelineSchedule interleaved(int chunks) {
    return new Interleaved(chunks);
  }

  /**
   * Backward passes in two parts: gradients of inputs, for which the stage before waits, and
   * gradients of weights, which fill gaps. At most p micro-batches are kept, as by 1F1B, and with
   * passes of equal length the bubble is a third of 1F1B's (ZB-H1).
   */
  static PipelineSchedule zeroBubbleH1() {
    return ZeroBubble.H1;
  }

  /**
   * Likewise with more forward passes before the first backward pass, {@code 2p - 1} in the first
   * stage, which keeps as many micro-batches: with passes of equal length no stage waits between
   * its first pass and its last. A later stage begins and ends later, so it must not wait for the
   * others before it updates its weights (ZB-H2).
   */
  static PipelineSchedule zeroBubbleH2() {
    return ZeroBubble.H2;
  }

  /**
   * All of these with passes of equal length, interleaved with 2 chunks: a row a schedule with its
   * bubble, what the first stage keeps and how often a stage sends.
   *
   * @throws IllegalArgumentException if one of them does not work with so many, see {@link
   *     #problem}
   */
  static Table compare(int stages, int microBatches) {
    return ScheduleTable.of(
        List.of(gPipe(), oneForwardOneBackward(), interleaved(2), zeroBubbleH1(), zeroBubbleH2()),
        stages,
        microBatches);
  }

  /** Chunks of the model on each GPU. */
  default int chunks() {
    return 1;
  }

  /** Why it does not work with so many, in a clause; empty if it does. */
  default Optional<String> problem(int stages, int microBatches) {
    return Optional.empty();
  }

  /**
   * Micro-batches whose activations a stage keeps at once, in whole stages' worth.
   *
   * @param stage from 0
   */
  double held(int stage, int stages, int microBatches);

  /**
   * What a stage does, in order.
   *
   * @param stage from 0
   * @throws IllegalArgumentException if it does not work with so many, see {@link #problem}
   */
  List<PipelinePass> order(int stage, int stages, int microBatches);

  /** The schedule carried out on few stages and micro-batches: when each pass begins and ends. */
  default PipelineTimeline timeline(int stages, int microBatches) {
    return timeline(stages, microBatches, PassTimes.EQUAL);
  }

  /** Likewise with passes of these lengths. */
  default PipelineTimeline timeline(int stages, int microBatches, PassTimes times) {
    return PipelineTimeline.of(this, stages, microBatches, times);
  }

  /** A Gantt picture of {@link #timeline}. */
  default Picture picture(int stages, int microBatches) {
    return timeline(stages, microBatches).picture();
  }

  /** The bubble over 1F1B's. */
  double bubbleShare(PassTimes times);

  /** Time that stages wait over the time that they work, with passes of equal length. */
  default double bubble(int stages, int microBatches) {
    return bubble(stages, microBatches, PassTimes.EQUAL);
  }

  /**
   * Time that stages wait over the time that they work: {@code (p-1)/m} by GPipe and 1F1B, {@code
   * (p-1)/(v m)} interleaved. Where gradients of inputs take B and those of weights W, {@code (p-1)
   * (F+B-W) / (m (F+B+W))} by ZB-H1 and {@code (p-1) (F+B-2W) / (m (F+B+W))} by ZB-H2; what W is
   * longer than F fills nothing.
   *
   * @throws IllegalArgumentException if it does not work with so many, see {@link #problem}
   */
  default double bubble(int stages, int microBatches, PassTimes times) {
    PlanCheck.schedule(this, stages, microBatches);
    Check.notNull("times of passes", times, "write PassTimes.EQUAL");
    return bubbleShare(times) * (stages - 1.0) / microBatches;
  }

  /** See {@link #gPipe()}. */
  record GPipe() implements PipelineSchedule {
    /** All {@code m}. */
    @Override
    public double held(int stage, int stages, int microBatches) {
      PlanCheck.schedule(this, stages, microBatches);
      Check.index("stage", stage, stages);
      return microBatches;
    }

    @Override
    public List<PipelinePass> order(int stage, int stages, int microBatches) {
      PlanCheck.schedule(this, stages, microBatches);
      return new PassOrder(stages, 1).of(microBatches - 1, microBatches);
    }

    @Override
    public double bubbleShare(PassTimes times) {
      return 1;
    }

    @Override
    public String toString() {
      return "GPipe";
    }
  }

  /** See {@link #oneForwardOneBackward()}. */
  record OneForwardOneBackward() implements PipelineSchedule {
    /** {@code min(m, p - i)} for stage i. */
    @Override
    public double held(int stage, int stages, int microBatches) {
      PlanCheck.schedule(this, stages, microBatches);
      Check.index("stage", stage, stages);
      return Math.min(stages - stage, microBatches);
    }

    @Override
    public List<PipelinePass> order(int stage, int stages, int microBatches) {
      PlanCheck.schedule(this, stages, microBatches);
      Check.index("stage", stage, stages);
      return new PassOrder(stages, 1).of(stages - 1 - stage, microBatches);
    }

    @Override
    public double bubbleShare(PassTimes times) {
      return 1;
    }

    @Override
    public String toString() {
      return "1F1B";
    }
  }

  /** See {@link #interleaved}. */
  record Interleaved(int chunks) implements PipelineSchedule {
    /**
     * @throws IllegalArgumentException if there are fewer than 2 chunks
     */
    public Interleaved {
      Check.atLeast(2, "chunks of an interleaved schedule", chunks, "1 chunk is 1F1B");
    }

    @Override
    public Optional<String> problem(int stages, int microBatches) {
      return microBatches % stages == 0
          ? Optional.empty()
          : Optional.of(
              "an interleaved schedule takes micro-batches in rounds of one a stage, but %d are no multiple of %d stages"
                  .formatted(microBatches, stages));
    }

    /**
     * {@code p (1 + (p-1)/(p v))} for the first stage, at most {@code m} (Korthikanti et al.,
     * section 4.2.3), and two chunks less for each stage on.
     */
    @Override
    public double held(int stage, int stages, int microBatches) {
      PlanCheck.schedule(this, stages, microBatches);
      Check.index("stage", stage, stages);
      return Math.min(microBatches, stages + (stages - 1.0 - 2 * stage) / chunks);
    }

    @Override
    public List<PipelinePass> order(int stage, int stages, int microBatches) {
      PlanCheck.schedule(this, stages, microBatches);
      Check.index("stage", stage, stages);
      int warmUp = 2 * (stages - 1 - stage) + (chunks - 1) * stages;
      return new PassOrder(stages, chunks).of(warmUp, microBatches);
    }

    @Override
    public double bubbleShare(PassTimes times) {
      return 1.0 / chunks;
    }

    @Override
    public String toString() {
      return "interleaved 1F1B of %d chunks".formatted(chunks);
    }
  }
}
