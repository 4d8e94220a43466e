package weft.nn.compute;

/** What workers that compute one network together exchange, and why. */
public enum Exchange {
  /** Outputs of a part of a stage's layers, to the worker with the next layers. */
  SEND_ACTIVATIONS,
  /** The same, where they arrive. */
  RECEIVE_ACTIVATIONS,
  /** Gradients of these outputs, back to the worker that computed them. */
  SEND_GRADIENTS,
  /** The same, where they arrive. */
  RECEIVE_GRADIENTS,
  /** Parts of a sum that each worker computed with its slice of a matrix, so that all have it. */
  SUM_ACTIVATIONS,
  /** The same of the gradients of inputs that all workers of the matrix were fed. */
  SUM_INPUT_GRADIENTS,
  /** Gradients of weights, so that all workers with these weights have the sum of theirs. */
  SUM_GRADIENTS,
  /** The same, so that each has its own part of the sum; the rest of its array means nothing. */
  SCATTER_GRADIENTS,
  /** Weights of which each worker has its own part, so that all have all. */
  GATHER_WEIGHTS,
  /** Keys and values of attention, of which each worker has those of its steps, so all have all. */
  GATHER_KEYS_AND_VALUES,
  /** Their gradients, so that each worker has the sum of those of its own steps. */
  SCATTER_KEY_AND_VALUE_GRADIENTS,
  /** Copies of positions, each to the worker with its expert. */
  SEND_TO_EXPERTS,
  /** What the experts made of them, back. */
  RETURN_FROM_EXPERTS,
  /** Gradients of what the experts made, to them. */
  SEND_GRADIENTS_TO_EXPERTS,
  /** Gradients of the copies, back. */
  RETURN_GRADIENTS_FROM_EXPERTS,
  /** Gradients of experts, so that all workers with these experts have the sum of theirs. */
  SUM_EXPERT_GRADIENTS,
  /** The same, so that each of them has its own part of the sum. */
  SCATTER_EXPERT_GRADIENTS,
  /** Weights of experts of which each worker with these has its own part, so that all have all. */
  GATHER_EXPERT_WEIGHTS
}
