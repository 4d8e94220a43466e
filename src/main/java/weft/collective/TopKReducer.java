package weft.collective;

import org.jspecify.annotations.Nullable;
import weft.nn.Precision;
import weft.report.Digits;

/** See {@link GradientExchange#topK(double, AllGather)}. */
record TopKReducer(double fraction, AllGather gathering, @Nullable Precision format)
    implements Reducer {
  private static final int PLACE_BYTES = Integer.BYTES;

  @Override
  public BucketExchange plan(int ranks, int elements, Precision stored) {
    GradientExchange.checkGain(stored, format);
    int most = (int) Math.ceil(fraction * elements);
    if ((long) most * ranks > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "top-k gathers at most %d numbers, but %d of each of %d ranks are more: lower the fraction or use smaller buckets"
              .formatted(Integer.MAX_VALUE, most, ranks));
    }
    Schedule schedule = gathering.plan(ranks, most * ranks);
    Precision sent = format == null ? stored : format;
    return new Planned(schedule, PLACE_BYTES + sent.bytes(), elements, most, format);
  }

  @Override
  public Reducer in(Precision sent) {
    return new TopKReducer(fraction, gathering, sent);
  }

  @Override
  public String name() {
    return "top-k of %s by %s, with error feedback".formatted(Digits.of(fraction), gathering);
  }

  static final class Planned extends BucketExchange {
    private final int elements;
    private final int most;
    private final @Nullable Precision format;

    Planned(
        Schedule schedule,
        int bytesPerElement,
        int elements,
        int most,
        @Nullable Precision format) {
      super(schedule, bytesPerElement);
      this.elements = elements;
      this.most = most;
      this.format = format;
    }

    @Override
    BucketExchange with(Schedule other) {
      return new Planned(other, bytesPerElement(), elements, most, format);
    }

    @Override
    <A> Reduction<A> begin(Numbers<A> numbers) {
      return new TopKReduction<>(numbers, schedule(), elements, most, format);
    }
  }
}
