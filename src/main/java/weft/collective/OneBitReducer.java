package weft.collective;

import org.jspecify.annotations.Nullable;
import weft.nn.Precision;

/** See {@link GradientExchange#oneBit()}. */
record OneBitReducer() implements Reducer {
  /** Numbers that share two values. */
  static final int GROUP = 512;

  private static final int GROUP_BYTES = GROUP / Byte.SIZE + 2 * Float.BYTES;

  @Override
  public BucketExchange plan(int ranks, int elements, Precision stored) {
    int groups = (elements + GROUP - 1) / GROUP;
    return new Planned(AllReduce.parameterServer(ranks).plan(ranks, groups), elements);
  }

  @Override
  public Reducer in(Precision format) {
    throw new IllegalArgumentException(
        "1-bit SGD sends signs, whatever the gradient's format: leave out in(%s)"
            .formatted(format.name()));
  }

  @Override
  public @Nullable Precision format() {
    return null;
  }

  @Override
  public String name() {
    return "1 bit a number, every rank the server of a share, with error feedback";
  }

  static final class Planned extends BucketExchange {
    private final int elements;

    Planned(Schedule schedule, int elements) {
      super(schedule, GROUP_BYTES);
      this.elements = elements;
    }

    @Override
    BucketExchange with(Schedule other) {
      return new Planned(other, elements);
    }

    @Override
    <A> Reduction<A> begin(Numbers<A> numbers) {
      return new OneBitReduction<>(numbers, schedule().ranks(), elements);
    }
  }
}
