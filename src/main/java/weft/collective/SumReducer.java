package weft.collective;

import org.jspecify.annotations.Nullable;
import weft.nn.Precision;

/** An AllReduce of all numbers. */
record SumReducer(AllReduce collective, @Nullable Precision format) implements Reducer {
  @Override
  public BucketExchange plan(int ranks, int elements, Precision stored) {
    GradientExchange.checkGain(stored, format);
    Precision sent = format == null ? stored : format;
    return new Planned(collective.plan(ranks, elements), sent.bytes(), format);
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
