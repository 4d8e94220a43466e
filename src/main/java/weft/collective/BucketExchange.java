package weft.collective;

/**
 * How one bucket of the gradient becomes the sum over all ranks: what travels when, and what it
 * does to the numbers. Immutable; what error feedback remembers belongs to a {@link Reduction}.
 */
public abstract sealed class BucketExchange
    permits SumReducer.Planned, TopKReducer.Planned, OneBitReducer.Planned {
  private final Schedule schedule;
  private final int bytesPerElement;

  BucketExchange(Schedule schedule, int bytesPerElement) {
    this.schedule = schedule;
    this.bytesPerElement = bytesPerElement;
  }

  /** What travels; its elements are whatever is sent, not always numbers. */
  public Schedule schedule() {
    return schedule;
  }

  /** Bytes of one of the schedule's elements. */
  public int bytesPerElement() {
    return bytesPerElement;
  }

  /**
   * The same with its schedule's helpers at these switches, each of which adds in an array of its
   * own, in the order of the schedule.
   */
  public final BucketExchange inside(SwitchTree switches) {
    return schedule.helpers() == 0 ? this : with(switches.unfold(schedule));
  }

  /** The same exchange by another schedule that does the same. */
  abstract BucketExchange with(Schedule other);

  /** What reduces gradients of single precision, with nothing remembered yet. */
  public Reduction<float[]> floats() {
    return begin(Numbers.FLOATS);
  }

  /** What reduces gradients of double precision, with nothing remembered yet. */
  public Reduction<double[]> doubles() {
    return begin(Numbers.DOUBLES);
  }

  abstract <A> Reduction<A> begin(Numbers<A> numbers);
}
