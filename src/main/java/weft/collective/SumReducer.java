package weft.collective;

import org.jspecify.annotations.Nullable;
import weft.nn.Precision;

/** An AllReduce of all numbers. */
record SumReducer(AllReduce collective, @Nullable Precision format) implements Reducer {
  /** That a check makes of an array as long as the gradient; of longer ones it checks fewer. */
  private static final double MOST_ADDITIONS = 1e7;

  @Override
  public BucketExchange plan(int ranks, int elements, Precision stored) {
    GradientExchange.checkGain(stored, format);
    Precision sent = format == null ? stored : format;
    var planned = new Planned(collective.plan(ranks, elements), sent.bytes(), format);
    checkSum(ranks, elements);
    return planned;
  }

  /** A reader's own algorithm may leave all ranks with the same, but not with the sum. */
  private void checkSum(int ranks, int elements) {
    boolean affordable = (double) ranks * ranks * elements <= MOST_ADDITIONS;
    int checked = affordable ? elements : Math.min(ranks, elements);
    try {
      collective.verify(ranks, checked);
    } catch (IllegalStateException wrong) {
      throw new IllegalArgumentException(
          "each worker needs the sum of all gradients, but %s: correct its algorithm until verify(%d, %d) returns"
              .formatted(wrong.getMessage(), ranks, checked),
          wrong);
    }
  }

  @Override
  public Reducer in(Precision sent) {
    return new SumReducer(collective, sent);
  }

  @Override
  public String name() {
    return collective.toString();
  }

  static final class Planned extends BucketExchange {
    private final @Nullable Precision format;

    Planned(Schedule schedule, int bytesPerElement, @Nullable Precision format) {
      super(schedule, bytesPerElement);
      this.format = format;
    }

    @Override
    BucketExchange with(Schedule other) {
      return new Planned(other, bytesPerElement(), format);
    }

    @Override
    <A> Reduction<A> begin(Numbers<A> numbers) {
      return (gradients, start) -> schedule().execute(numbers, gradients, start, format);
    }
  }
}
