package weft.collective;

import weft.units.Check;
import weft.units.DataSize;

/**
 * How a data-parallel step exchanges its gradient.
 *
 * @param collective what reduces a bucket
 * @param bucket a bucket closes once it holds so much; above 0
 * @param overlapping whether a bucket leaves as soon as its layers' gradients are known, while the
 *     backward pass goes on, or only after the whole of it
 */
public record GradientExchange(AllReduce collective, DataSize bucket, boolean overlapping) {
  /**
   * @throws IllegalArgumentException if a bucket would hold nothing
   */
  public GradientExchange {
    Check.notNull("a gradient exchange's collective", collective, "write AllReduce.ring()");
    Check.notNull("a bucket's size", bucket, "write for example kib(64)");
    if (bucket.bytes() < 1) {
      throw new IllegalArgumentException(
          "a bucket holds at least 1 byte, but was " + bucket + ": write for example kib(64)");
    }
  }

  /** The whole gradient in one piece, after the backward pass. */
  public static GradientExchange whole(AllReduce collective) {
    return new GradientExchange(collective, new DataSize(Long.MAX_VALUE), false);
  }

  /** With buckets that leave while the backward pass goes on. */
  public GradientExchange overlapped() {
    return new GradientExchange(collective, bucket, true);
  }

  @Override
  public String toString() {
    return collective
        + (bucket.bytes() == Long.MAX_VALUE ? ", one bucket" : ", buckets of " + bucket)
        + (overlapping ? ", overlapping the backward pass" : "");
  }
}
