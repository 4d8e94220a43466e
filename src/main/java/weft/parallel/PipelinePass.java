package weft.parallel;

/**
 * One stage's work on one micro-batch.
 *
 * @param kind forward or backward
 * @param chunk of the model on this GPU, from 0
 * @param microBatch from 0
 */
public record PipelinePass(Kind kind, int chunk, int microBatch) {
  /** Forward, backward, or one of the two parts of a backward pass. */
  public enum Kind {
    /** Through the layers. */
    FORWARD("forward"),
    /** Back through them: gradients of inputs and of weights. */
    BACKWARD("backward"),
    /** Gradients of inputs alone, for which the stage before waits (B of Qi et al., ICLR 2024). */
    INPUT_GRADIENT("gradient of inputs"),
    /** Gradients of weights alone, at any time after that (W). */
    WEIGHT_GRADIENT("gradient of weights");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** For example {@code gradient of inputs}. */
    public String label() {
      return label;
    }

    /** Its length, in forward passes of a whole stage. */
    double length(PassTimes times) {
      return switch (this) {
        case FORWARD -> 1;
        case BACKWARD -> times.inputGradient() + times.weightGradient();
        case INPUT_GRADIENT -> times.inputGradient();
        case WEIGHT_GRADIENT -> times.weightGradient();
      };
    }

    /** Whether a micro-batch's activations are no longer needed afterwards. */
    boolean releases() {
      return this == BACKWARD || this == WEIGHT_GRADIENT;
    }
  }

  /** For example {@code forward of micro-batch 3, chunk 1}. */
  @Override
  public String toString() {
    return "%s of micro-batch %d, chunk %d".formatted(kind.label(), microBatch, chunk);
  }
}
