package weft.nn;

/**
 * Bytes of the arrays that a worker has for its part of a network.
 *
 * @param weights that it computes with
 * @param gradients of its parameters
 * @param optimizer what the optimiser remembers, and master weights where they are kept apart
 * @param gathered buffers for the weights and the gradient of one layer after the other
 * @param activations buffers of its layers, for all micro-batches under way
 * @param microBatches how many were under way at most
 */
public record PartMemory(
    long weights,
    long gradients,
    long optimizer,
    long gathered,
    long activations,
    int microBatches) {
  /** With what the worker has for another part. */
  public PartMemory plus(PartMemory other) {
    return new PartMemory(
        weights + other.weights,
        gradients + other.gradients,
        optimizer + other.optimizer,
        gathered + other.gathered,
        activations + other.activations,
        microBatches + other.microBatches);
  }

  /** All of it. */
  public long total() {
    return weights + gradients + optimizer + gathered + activations;
  }
}
