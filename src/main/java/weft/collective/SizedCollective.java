package weft.collective;

import weft.units.Check;
import weft.units.DataSize;

/**
 * A collective on arrays of a given size.
 *
 * @param collective what is done
 * @param size bytes of each rank's array of float32, at least 4
 */
public record SizedCollective(Collective collective, DataSize size) {
  /** Arrays are float32. */
  public static final int BYTES_PER_ELEMENT = 4;

  /**
   * @throws IllegalArgumentException if the array holds no element or more than an array can
   */
  public SizedCollective {
    Check.notNull("a collective", collective, "write for example AllReduce.ring().of(mb(64))");
    Check.notNull("a collective's size", size, "write for example mb(64)");
    long elements = size.bytes() / BYTES_PER_ELEMENT;
    if (elements < 1 || elements > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a collective's array holds 1 to 2^31 - 1 float32 of 4 bytes, but its size was %s: %s"
              .formatted(
                  size,
                  elements < 1
                      ? "write for example mb(64)"
                      : "take gib(4), for time grows with the size there, or ask Nccl.defaults().estimate(size)"));
    }
  }

  /** Elements of each rank's array. */
  public int elements() {
    return (int) (size.bytes() / BYTES_PER_ELEMENT);
  }

  @Override
  public String toString() {
    return collective + " of " + size;
  }
}
