package weft.collective;

/**
 * 1-bit SGD at work: what each rank has not sent yet, and what the owners of shares have not passed
 * on yet.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
final class OneBitReduction<A> implements Reduction<A> {
  private final Numbers<A> numbers;
  private final int ranks;
  private final int elements;
  private final Residuals<A> ofRanks;
  private final A ofOwners; // each number has one owner
  private final A sum;

  OneBitReduction(Numbers<A> numbers, int ranks, int elements) {
    this.numbers = numbers;
    this.ranks = ranks;
    this.elements = elements;
    ofRanks = new Residuals<>(numbers, ranks, elements);
    ofOwners = numbers.zeros(elements);
    sum = numbers.zeros(elements);
  }

  @Override
  public void apply(A[] gradients, int start) {
    if (ranks == 1 || !ofRanks.addTo(gradients, start)) {
      return;
    }
    System.arraycopy(ofOwners, 0, sum, 0, elements);
    for (int rank = 0; rank < ranks; rank++) {
      A gradient = gradients[rank];
      ofRanks.keep(rank, gradient, start);
      quantise(gradient, start);
      ofRanks.sent(rank, gradient, start);
      numbers.add(gradient, start, sum, 0, elements);
    }
    System.arraycopy(sum, 0, ofOwners, 0, elements);
    quantise(sum, 0);
    numbers.subtract(sum, 0, ofOwners, 0, elements);
    for (A gradient : gradients) {
      System.arraycopy(sum, 0, gradient, start, elements);
    }
  }

  private void quantise(A array, int start) {
    int end = start + elements;
    for (int from = start; from < end; from += OneBitReducer.GROUP) {
      quantiseGroup(array, from, Math.min(end, from + OneBitReducer.GROUP));
    }
  }

  /** The two values of least squared error are the means of either side. */
  private void quantiseGroup(A array, int from, int to) {
    double below = 0;
    double above = 0;
    int negatives = 0;
    for (int i = from; i < to; i++) {
      double value = numbers.get(array, i);
      if (value < 0) {
        below += value;
        negatives++;
      } else {
        above += value;
      }
    }
    double low = (float) (below / Math.max(1, negatives));
    double high = (float) (above / Math.max(1, to - from - negatives));
    for (int i = from; i < to; i++) {
      numbers.set(array, i, numbers.get(array, i) < 0 ? low : high);
    }
  }

  /** What a rank has not sent yet of a number. */
  double residual(int rank, int place) {
    return ofRanks.of(rank, place);
  }

  /** What a number's owner has not passed on yet of the sum. */
  double ownersResidual(int place) {
    return numbers.get(ofOwners, place);
  }
}
