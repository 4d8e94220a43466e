package weft.parallel;

/**
 * One stage's work on one micro-batch.
 *
 * @param kind forward or backward
 * @param chunk of the model on this GPU, from 0
 * @param microBatch from 0
 */
public record PipelinePass(Kind kind, int chunk, int microBatch) {
  /** Forward or backward, with the time it takes in forward passes of a whole stage. */
  public enum Kind {
    /** Through the layers; 1. */
    FORWARD(1),
    /** Back through them, twice as many products; 2. */
    BACKWARD(2);

    private final int units;

    Kind(int units) {
      this.units = units;
    }

    int units() {
      return units;
    }
  }

  /** For example {@code forward of micro-batch 3, chunk 1}. */
  @Override
  public String toString() {
    String way = kind == Kind.FORWARD ? "forward" : "backward";
    return "%s of micro-batch %d, chunk %d".formatted(way, microBatch, chunk);
  }
}
