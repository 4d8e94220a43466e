package weft.cluster;

import weft.nn.TrainingMemory;
import weft.units.Check;
import weft.units.DataSize;

/**
 * Whether what a training step keeps fits into an accelerator's memory.
 *
 * @param accelerator with how much memory
 * @param need what is kept
 */
public record MemoryFit(Accelerator accelerator, TrainingMemory need) {
  /** Checks that both are there. */
  public MemoryFit {
    Check.notNull("an accelerator", accelerator, "write for example Accelerator.H100");
    Check.notNull("a need", need, "write for example network.memory(512, sgd(0.1))");
  }

  /** Whether it does. */
  public boolean fits() {
    return need.total().bytes() <= accelerator.memoryBytes();
  }

  /** The answer with the arithmetic, in a sentence. */
  @Override
  public String toString() {
    long total = need.total().bytes();
    long capacity = accelerator.memoryBytes();
    var margin = new DataSize(Math.abs(capacity - total));
    String verdict =
        fits()
            ? "fits into the %s of %s with %s to spare"
            : "does not fit into the %s of %s: %s too much, so lower the batch";
    if (!fits() && need.total().bytes() - need.activations().bytes() > capacity) {
      verdict = "does not fit into the %s of %s: %s too much, whatever the batch";
    }
    return need.sentence()
        + ", which "
        + verdict.formatted(new DataSize(capacity).decimal(), accelerator.name(), margin.decimal());
  }
}
