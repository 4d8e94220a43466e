package weft.parallel;

import java.util.List;
import weft.report.Picture;
import weft.units.Check;

/**
 * In which order a pipeline's stages work on micro-batches (Narayanan et al., SC21, section 2.2).
 * Stages are {@code p}, micro-batches {@code m}.
 */
public sealed interface PipelineSchedule {
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

  /** Chunks of the model on each GPU. */
  int chunks();

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
   */
  List<PipelinePass> order(int stage, int stages, int microBatches);

  /** The schedule carried out on few stages and micro-batches: when each pass begins and ends. */
  default PipelineTimeline timeline(int stages, int microBatches) {
    return PipelineTimeline.of(this, stages, microBatches);
  }

  /** A Gantt picture of {@link #timeline}. */
  default Picture picture(int stages, int microBatches) {
    return timeline(stages, microBatches).picture();
  }

  /** Time that stages wait over the time that they work: {@code (p - 1) / (v m)}. */
  default double bubble(int stages, int microBatches) {
    checked(stages, microBatches);
    return (stages - 1.0) / chunks() / microBatches;
  }

  private static void checked(int stages, int microBatches) {
    Check.atLeast(1, "pipeline stages", stages, "one is no pipeline");
    Check.atLeast(1, "micro-batches", microBatches, "as many as stages at least is usual");
  }

  /** See {@link #gPipe()}. */
  record GPipe() implements PipelineSchedule {
    @Override
    public int chunks() {
      return 1;
    }

    /** All {@code m}. */
    @Override
    public double held(int stage, int stages, int microBatches) {
      checked(stages, microBatches);
      Check.index("stage", stage, stages);
      return microBatches;
    }

    @Override
    public List<PipelinePass> order(int stage, int stages, int microBatches) {
      checked(stages, microBatches);
      return new PassOrder(stages, 1).of(microBatches - 1, microBatches);
    }

    @Override
    public String toString() {
      return "GPipe";
    }
  }

  /** See {@link #oneForwardOneBackward()}. */
  record OneForwardOneBackward() implements PipelineSchedule {
    @Override
    public int chunks() {
      return 1;
    }

    /** {@code min(m, p - i)} for stage i. */
    @Override
    public double held(int stage, int stages, int microBatches) {
      checked(stages, microBatches);
      Check.index("stage", stage, stages);
      return Math.min(stages - stage, microBatches);
    }

    @Override
    public List<PipelinePass> order(int stage, int stages, int microBatches) {
      checked(stages, microBatches);
      Check.index("stage", stage, stages);
      return new PassOrder(stages, 1).of(stages - 1 - stage, microBatches);
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

    /**
     * {@code p (1 + (p-1)/(p v))} for the first stage, at most {@code m} (Korthikanti et al.,
     * section 4.2.3), and two chunks less for each stage on.
     */
    @Override
    public double held(int stage, int stages, int microBatches) {
      checked(stages, microBatches);
      Check.index("stage", stage, stages);
      return Math.min(microBatches, stages + (stages - 1.0 - 2 * stage) / chunks);
    }

    /**
     * @throws IllegalArgumentException if micro-batches are no multiple of the stages
     */
    @Override
    public List<PipelinePass> order(int stage, int stages, int microBatches) {
      checked(stages, microBatches);
      Check.index("stage", stage, stages);
      if (microBatches % stages != 0) {
        throw new IllegalArgumentException(
            "an interleaved schedule takes micro-batches in rounds of one a stage, but %d are no multiple of %d stages: give a multiple"
                .formatted(microBatches, stages));
      }
      int warmUp = 2 * (stages - 1 - stage) + (chunks - 1) * stages;
      return new PassOrder(stages, chunks).of(warmUp, microBatches);
    }

    @Override
    public String toString() {
      return "interleaved 1F1B of %d chunks".formatted(chunks);
    }
  }
}
