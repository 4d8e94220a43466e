package weft.collective;

import org.apache.commons.math3.util.KthSelector;
import org.jspecify.annotations.Nullable;
import weft.nn.Precision;

/**
 * Top-k with error feedback at work: what each rank has not sent yet, and the gathering of what it
 * sends.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
final class TopKReduction<A> implements Reduction<A> {
  private final Numbers<A> numbers;
  private final Schedule gathering;
  private final int elements;
  private final int most;
  private final @Nullable Precision format;
  private final Residuals<A> residuals;
  private final A[] values; // by rank: all ranks' values, gathered
  private final double[][] places;
  private final double[] magnitudes;
  private final KthSelector selector = new KthSelector();

  /**
   * @param gathering of {@code most} elements of each rank
   * @param elements numbers of the bucket
   * @param most how many of them a rank sends
   */
  TopKReduction(
      Numbers<A> numbers, Schedule gathering, int elements, int most, @Nullable Precision format) {
    this.numbers = numbers;
    this.gathering = gathering;
    this.elements = elements;
    this.most = most;
    this.format = format;
    int ranks = gathering.ranks();
    residuals = new Residuals<>(numbers, ranks, elements);
    values = numbers.arrays(ranks, most * ranks);
    places = new double[ranks][most * ranks];
    magnitudes = new double[elements];
  }

  @Override
  public void apply(A[] gradients, int start) {
    int ranks = gathering.ranks();
    if (ranks == 1 || !residuals.addTo(gradients, start)) {
      return;
    }
    for (int rank = 0; rank < ranks; rank++) {
      residuals.keep(rank, gradients[rank], start);
      pick(rank, gradients[rank], start);
      for (int i = rank * most; i < (rank + 1) * most; i++) {
        residuals.sent(rank, (int) places[rank][i], numbers.get(values[rank], i));
      }
    }
    gathering.execute(numbers, values, 0, null);
    gathering.applyTo(places, 0);
    for (int rank = 0; rank < ranks; rank++) {
      add(rank, gradients[rank], start);
    }
  }

  /** Writes a rank's largest numbers and their places to its own part of what is gathered. */
  private void pick(int rank, A gradient, int start) {
    for (int i = 0; i < elements; i++) {
      magnitudes[i] = Math.abs(numbers.get(gradient, start + i));
    }
    double least = selector.select(magnitudes, null, elements - most);
    int above = 0;
    for (int i = 0; i < elements; i++) {
      above += Math.abs(numbers.get(gradient, start + i)) > least ? 1 : 0;
    }
    int equals = most - above;
    int next = rank * most;
    for (int i = 0; i < elements; i++) {
      double value = numbers.get(gradient, start + i);
      double magnitude = Math.abs(value);
      if (magnitude > least || (magnitude == least && equals-- > 0)) {
        places[rank][next] = i;
        numbers.set(values[rank], next++, value);
      }
    }
    if (format != null) {
      numbers.round(format, values[rank], rank * most, next);
    }
  }

  /** The sum of what all ranks sent, in the order of ranks, so that it is the same everywhere. */
  private void add(int rank, A gradient, int start) {
    for (int i = 0; i < elements; i++) {
      numbers.set(gradient, start + i, 0);
    }
    for (int i = 0; i < numbers.length(values[rank]); i++) {
      int at = start + (int) places[rank][i];
      numbers.set(gradient, at, numbers.get(gradient, at) + numbers.get(values[rank], i));
    }
  }

  /** What a rank has not sent yet of a number. */
  double residual(int rank, int place) {
    return residuals.of(rank, place);
  }
}
