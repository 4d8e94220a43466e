package weft.nn.compute;

/**
 * How a network's flat array of parameters is made up of tensors.
 *
 * @param bounds where each section begins, and after the last where it ends
 * @param weights which sections are matrices of weights, and not biases or scales
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never written to nor compared
public record Sections(int[] bounds, boolean[] weights) {
  /** How many sections there are. */
  public int count() {
    return weights.length;
  }

  /** How many parameters there are. */
  public int parameters() {
    return bounds[bounds.length - 1];
  }

  /** First parameter of a section. */
  int from(int section) {
    return bounds[section];
  }

  /** One past a section's last parameter. */
  int to(int section) {
    return bounds[section + 1];
  }

  /** Whether decoupled decay applies to a section. */
  boolean decays(int section) {
    return weights[section];
  }
}
