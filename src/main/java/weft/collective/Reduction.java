package weft.collective;

/**
 * The exchange of one bucket at work on numbers, step after step of one training.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
@FunctionalInterface
public interface Reduction<A> {
  /**
   * Makes every rank's bucket the sum of all ranks'.
   *
   * @param gradients one array a rank; each is changed in place
   * @param start where in every array the bucket begins
   */
  void apply(A[] gradients, int start);
}
