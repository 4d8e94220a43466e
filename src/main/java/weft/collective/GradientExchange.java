package weft.collective;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weft.nn.Precision;
import weft.units.Check;
import weft.units.DataSize;

/**
 * How a data-parallel step exchanges its gradient: an immutable value.
 *
 * <pre>{@code
 * AllReduce.ring().buckets(kib(64)).overlapped()
 * AllReduce.ring().in(Precision.BFLOAT16)
 * topK(0.01).buckets(kib(64)).overlapped()
 * oneBit()
 * }</pre>
 *
 * <p>{@code in(BFLOAT16)} sends it in another format: each transfer is rounded when it is sent, in
 * its sender's array, so that a rank that passes on its own final sum keeps what the others get;
 * the receiver adds it up in the gradient's own precision, and what it sends is rounded again; a
 * sum that nobody sends on is rounded at the end. NCCL on buffers of that type does the same.
 * FLOAT16 and FLOAT8 (E5M2) are scaled by a power of two from the largest number of each transfer,
 * which travels with it and is not counted as bytes.
 *
 * <p>{@link #topK} and {@link #oneBit} leave most of a gradient out and remember it: what a rank
 * did not send is added to its next gradient (error feedback), so nothing is lost, only late.
 * Choosing and packing numbers takes no simulated time.
 */
public final class GradientExchange {
  private static final DataSize WHOLE = new DataSize(Long.MAX_VALUE);

  private final Reducer reducer;
  private final DataSize bucket;
  private final boolean overlapping;

  private GradientExchange(Reducer reducer, DataSize bucket, boolean overlapping) {
    this.reducer = reducer;
    this.bucket = bucket;
    this.overlapping = overlapping;
  }

  /** The whole gradient in one piece, after the backward pass. */
  public static GradientExchange whole(AllReduce collective) {
    Check.notNull("a gradient exchange's collective", collective, "write AllReduce.ring()");
    return new GradientExchange(new SumReducer(collective, null), WHOLE, false);
  }

  /** {@link #topK(double, AllGather)} round a ring. */
  public static GradientExchange topK(double fraction) {
    return topK(fraction, AllGather.ring());
  }

  /**
   * Only the numbers of largest magnitude: of each bucket every rank sends the places (4 bytes
   * each) and values of k = ⌈fraction · n⌉ to all others, who add them up; what is not sent waits
   * for the next step (Aji and Heafield, EMNLP 2017; Lin et al., Deep Gradient Compression, ICLR
   * 2018, without its momentum correction). Of equal magnitudes the first are sent.
   *
   * <p>Sums of different places do not stay small, so ranks gather instead of reducing: each
   * receives (N-1)·k pairs. In float32 that is less than a ring AllReduce's bytes while the
   * fraction is below 1/N.
   *
   * @param fraction of each bucket's numbers, above 0 and at most 1
   * @param gathering what carries the pairs
   */
  public static GradientExchange topK(double fraction, AllGather gathering) {
    if (!(fraction > 0 && fraction <= 1)) {
      throw new IllegalArgumentException(
          "top-k sends a fraction above 0 and at most 1 of the gradient, but was given %s: topK(0.01) sends one number in a hundred"
              .formatted(fraction));
    }
    Check.notNull("an AllGather", gathering, "write AllGather.ring()");
    return new GradientExchange(new TopKReducer(fraction, gathering, null), WHOLE, false);
  }

  /**
   * One bit a number, its sign: 1-bit SGD (Seide et al., Interspeech 2014). Up to 512 numbers in a
   * row share two values, the means of those that are negative and of the others, 4 bytes each,
   * where the paper takes a column of a weight matrix. Every rank owns a share of the bucket: it is
   * sent all others' bits of it, adds them up, and sends the bits of the sum to all. Both times the
   * error is kept and added to the next gradient.
   *
   * <p>A group of 512 takes 72 bytes in place of float32's 2,048; the last one is sent whole.
   */
  public static GradientExchange oneBit() {
    return new GradientExchange(new OneBitReducer(), WHOLE, false);
  }

  /**
   * The same in buckets: whole layers together until they hold this size, the last layer first.
   *
   * @param size in the gradient's own precision whatever it is sent in, as PyTorch counts; above 0
   */
  public GradientExchange buckets(DataSize size) {
    Check.notNull("a bucket's size", size, "write for example kib(64)");
    if (size.bytes() < 1) {
      throw new IllegalArgumentException(
          "a bucket holds at least 1 byte, but was " + size + ": write for example kib(64)");
    }
    return new GradientExchange(reducer, size, overlapping);
  }

  /** With buckets that leave while the backward pass goes on. */
  public GradientExchange overlapped() {
    return new GradientExchange(reducer, bucket, true);
  }

  /** The same with the numbers sent in this format. */
  public GradientExchange in(Precision sent) {
    Check.notNull("the format of a gradient exchange", sent, "write Precision.BFLOAT16");
    return new GradientExchange(reducer.in(sent), bucket, overlapping);
  }

  /** A bucket closes once it holds so much, in the gradient's own precision. */
  public DataSize bucket() {
    return bucket;
  }

  /** Whether a bucket leaves as soon as its layers' gradients are known. */
  public boolean overlapping() {
    return overlapping;
  }

  /** Whether gradients arrive as they were sent: in their own format, and all of them. */
  public boolean isExact() {
    return reducer instanceof SumReducer sum && sum.format() == null;
  }

  /**
   * The exchange of one bucket.
   *
   * @param ranks at least 1
   * @param elements numbers of the bucket, at least 1
   * @param stored what the gradient is kept in
   * @throws IllegalArgumentException if the format gains nothing
   */
  public BucketExchange plan(int ranks, int elements, Precision stored) {
    return reducer.plan(ranks, elements, stored);
  }

  static void checkGain(Precision stored, @Nullable Precision format) {
    if (format != null && format.bytes() > stored.bytes()) {
      throw new IllegalArgumentException(
          "a gradient of %s gains nothing by being sent in %s: leave out in(...) or write in(Precision.BFLOAT16)"
              .formatted(stored, format));
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GradientExchange exchange
        && reducer.equals(exchange.reducer)
        && bucket.equals(exchange.bucket)
        && overlapping == exchange.overlapping;
  }

  @Override
  public int hashCode() {
    return Objects.hash(reducer, bucket, overlapping);
  }

  @Override
  public String toString() {
    return reducer.name()
        + (bucket.equals(WHOLE) ? ", one bucket" : ", buckets of " + bucket)
        + (overlapping ? ", overlapping the backward pass" : "")
        + (reducer.format() == null ? "" : ", sent in " + reducer.format());
  }
}
