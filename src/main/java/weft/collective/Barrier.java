package weft.collective;

/**
 * Barrier: no rank has all it waits for before every rank has come. What the first element of the
 * arrays holds afterwards means nothing; {@code Barrier.dissemination().of(kib(1))} is enough.
 */
public interface Barrier extends Collective {
  /**
   * ceil(log2 N) steps of one element: in step k every rank tells the rank 2^k after it, once all
   * that it was told before has arrived (Hensgen, Finkel and Manber 1988).
   */
  static Barrier dissemination() {
    return new DisseminationBarrier();
  }

  /** 1: nothing but time counts. */
  @Override
  default double busBandwidthFactor(int ranks) {
    return 1;
  }
}
