package weft.collective;

import weft.nn.Precision;
import weft.units.DataSize;

/** AllReduce: afterwards every rank has the sum of all ranks' arrays. */
public sealed interface AllReduce extends Collective permits RingAllReduce {
  /**
   * The ring: N - 1 steps of reduce-scatter, N - 1 of all-gather, a chunk of 1/N of the array in
   * each. Every rank sends 2 (N-1)/N of the array (Patarasuk and Yuan, JPDC 2009).
   */
  static AllReduce ring() {
    return new RingAllReduce();
  }

  /** {@code 2 (n-1)/n}. */
  @Override
  default double busBandwidthFactor(int ranks) {
    return 2.0 * (ranks - 1) / ranks;
  }

  /**
   * A gradient exchange that reduces whole layers together until they hold this size, the last
   * layer first, as PyTorch's DistributedDataParallel does (Li et al., VLDB 2020, section 3.2).
   */
  default GradientExchange buckets(DataSize size) {
    return new GradientExchange(this, size, false);
  }

  /** A gradient exchange of the whole gradient at once, its numbers sent in this format. */
  default GradientExchange in(Precision format) {
    return GradientExchange.whole(this).in(format);
  }
}
