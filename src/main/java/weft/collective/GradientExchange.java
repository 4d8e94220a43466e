package weft.collective;

import org.jspecify.annotations.Nullable;
import weft.nn.Precision;
import weft.units.Check;
import weft.units.DataSize;

/**
 * How a data-parallel step exchanges its gradient.
 *
 * <p>{@code in(BFLOAT16)} sends it in another format: each transfer is rounded when it is sent, in
 * its sender's array, so that a rank that passes on its own final sum keeps what the others get;
 * the receiver adds it up in the gradient's own precision, and what it sends is rounded again; a
 * sum that nobody sends on is rounded at the end. NCCL on buffers of that type does the same.
 * FLOAT16 and FLOAT8 (E5M2) are scaled by a power of two from the largest number of each transfer,
 * which travels with it and is not counted as bytes.
 *
 * @param collective what reduces a bucket
 * @param bucket a bucket closes once it holds so much, in the gradient's own precision whatever
 *     format it is sent in, as PyTorch counts; above 0
 * @param overlapping whether a bucket leaves as soon as its layers' gradients are known, while the
 *     backward pass goes on, or only after the whole of it
 * @param format what the numbers are sent in; null for the gradient's own precision
 */
public record GradientExchange(
    AllReduce collective, DataSize bucket, boolean overlapping, @Nullable Precision format) {
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

  /** An exchange in the gradient's own precision. */
  public GradientExchange(AllReduce collective, DataSize bucket, boolean overlapping) {
    this(collective, bucket, overlapping, null);
  }

  /** The whole gradient in one piece, after the backward pass. */
  public static GradientExchange whole(AllReduce collective) {
    return new GradientExchange(collective, new DataSize(Long.MAX_VALUE), false);
  }

  /** With buckets that leave while the backward pass goes on. */
  public GradientExchange overlapped() {
    return new GradientExchange(collective, bucket, true, format);
  }

  /** The same with the numbers sent in this format. */
  public GradientExchange in(Precision sent) {
    Check.notNull("the format of a gradient exchange", sent, "write Precision.BFLOAT16");
    return new GradientExchange(collective, bucket, overlapping, sent);
  }

  @Override
  public String toString() {
    return collective
        + (bucket.bytes() == Long.MAX_VALUE ? ", one bucket" : ", buckets of " + bucket)
        + (overlapping ? ", overlapping the backward pass" : "")
        + (format == null ? "" : ", sent in " + format);
  }
}
