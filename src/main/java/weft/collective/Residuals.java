package weft.collective;

/**
 * Error feedback: what each rank has not sent yet of a bucket, in the gradient's own precision.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
final class Residuals<A> {
  private final Numbers<A> numbers;
  private final int elements;
  private final A[] kept;

  Residuals(Numbers<A> numbers, int ranks, int elements) {
    this.numbers = numbers;
    this.elements = elements;
    this.kept = numbers.arrays(ranks, elements);
  }

  /**
   * Adds what was left over to the gradients. If one of them is not finite, as where float16 has
   * overflowed, nothing can be left over from it: all become NaN, so that the step is skipped or
   * the training ends, and what was left over stays.
   *
   * @return whether all are finite
   */
  boolean addTo(A[] gradients, int start) {
    if (!areFinite(gradients, start)) {
      for (A gradient : gradients) {
        for (int i = start; i < start + elements; i++) {
          numbers.set(gradient, i, Double.NaN);
        }
      }
      return false;
    }
    for (int rank = 0; rank < gradients.length; rank++) {
      numbers.add(kept[rank], 0, gradients[rank], start, elements);
    }
    return true;
  }

  private boolean areFinite(A[] gradients, int start) {
    for (A gradient : gradients) {
      for (int i = start; i < start + elements; i++) {
        if (!Double.isFinite(numbers.get(gradient, i))) {
          return false;
        }
      }
    }
    return true;
  }

  /** A rank has this, of which nothing is sent yet. */
  void keep(int rank, A gradient, int start) {
    System.arraycopy(gradient, start, kept[rank], 0, elements);
  }

  /** A rank sends this of what it has. */
  void sent(int rank, A gradient, int start) {
    numbers.subtract(gradient, start, kept[rank], 0, elements);
  }

  /** A rank sends this of one number. */
  void sent(int rank, int place, double value) {
    numbers.set(kept[rank], place, numbers.get(kept[rank], place) - value);
  }

  /** What a rank has not sent yet of a number. */
  double of(int rank, int place) {
    return numbers.get(kept[rank], place);
  }
}
