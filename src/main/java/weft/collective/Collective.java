package weft.collective;

import weft.units.DataSize;

/** Something that N ranks do together with an array each. A reader may write one in a cell. */
public interface Collective {
  /**
   * Who sends which elements to whom, and after what.
   *
   * @param ranks at least 1
   * @param elements elements of each rank's array, at least 1
   */
  Schedule schedule(int ranks, int elements);

  /**
   * What nccl-tests multiplies algorithm bandwidth (array size over time) with to get bus
   * bandwidth, so that the figure can be held against a link's rate (nccl-tests, PERFORMANCE.md).
   */
  double busBandwidthFactor(int ranks);

  /**
   * This collective on arrays of float32 of this size.
   *
   * @throws IllegalArgumentException if the array holds no element or more than an array can
   */
  default SizedCollective of(DataSize size) {
    return new SizedCollective(this, size);
  }
}
