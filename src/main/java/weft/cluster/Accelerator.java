package weft.cluster;

import static weft.units.Units.gbps;

import weft.nn.TrainingMemory;
import weft.units.Check;
import weft.units.Rate;
import weft.units.Time;

/**
 * An accelerator as far as a training step's compute time needs it.
 *
 * <p>{@link #timeFor} is the roofline model (Williams, Waterman, Patterson, CACM 2009): a kernel
 * takes as long as its arithmetic at the achieved rate or its memory traffic at full memory
 * bandwidth, whichever is longer.
 *
 * @param name as the vendor writes it
 * @param peakFlops peak dense bf16 throughput, FLOP/s, above 0
 * @param efficiency share of the peak that a matrix product achieves, in (0, 1]
 * @param memoryBandwidth bytes a second to and from the accelerator's memory, above 0
 * @param memoryBytes capacity of that memory, bytes, above 0
 * @param scaleUp rate into the server's own GPU network (NVLink), per direction
 * @param watts thermal design power, W; 0 where no figure was found
 */
public record Accelerator(
    String name,
    double peakFlops,
    double efficiency,
    double memoryBandwidth,
    long memoryBytes,
    Rate scaleUp,
    double watts) {

  /**
   * @throws IllegalArgumentException if a figure is outside its range
   */
  public Accelerator {
    Check.notNull("an accelerator's name", name, "write it as the vendor does");
    Check.notNull("an accelerator's scaleUp rate", scaleUp, "write for example gbps(3600)");
    above0("peakFlops", peakFlops);
    above0("memoryBandwidth", memoryBandwidth);
    above0("memoryBytes", (double) memoryBytes);
    if (!(efficiency > 0 && efficiency <= 1)) {
      throw new IllegalArgumentException(
          "efficiency is the share of the peak that is achieved, above 0 and at most 1, but was "
              + efficiency
              + ": 80 % is 0.8");
    }
    if (!(watts >= 0) || Double.isInfinite(watts)) {
      throw new IllegalArgumentException(
          "an accelerator's power is 0 W or more, but was %s: write 0 where it is not known"
              .formatted(watts));
    }
  }

  /** An accelerator whose power is not known. */
  public Accelerator(
      String name,
      double peakFlops,
      double efficiency,
      double memoryBandwidth,
      long memoryBytes,
      Rate scaleUp) {
    this(name, peakFlops, efficiency, memoryBandwidth, memoryBytes, scaleUp, 0);
  }

  /**
   * NVIDIA H100 SXM: 989 TFLOP/s dense bf16, 3.35 TB/s, 80 GB, NVLink 4 at 450 GB/s per direction,
   * 700 W; 80.3 % of the peak achieved in matrix products (S. Bekman, Machine Learning Engineering
   * Open Book, accelerator tables and MAMF measurement).
   */
  public static final Accelerator H100 =
      new Accelerator("H100 SXM", 989e12, 0.803, 3.35e12, 80_000_000_000L, gbps(3600), 700);

  /**
   * NVIDIA A100 SXM 80 GB: 312 TFLOP/s dense bf16, 2.0 TB/s, NVLink 3 at 300 GB/s per direction,
   * 400 W; 86.9 % achieved (same source).
   */
  public static final Accelerator A100 =
      new Accelerator("A100 SXM", 312e12, 0.869, 2.0e12, 80_000_000_000L, gbps(2400), 400);

  /**
   * NVIDIA H200 SXM: an H100 with 141 GB at 4.8 TB/s (same source); the achieved share is the
   * H100's.
   */
  public static final Accelerator H200 =
      new Accelerator("H200 SXM", 989e12, 0.803, 4.8e12, 141_000_000_000L, gbps(3600), 700);

  /**
   * NVIDIA B200 SXM: 2,250 TFLOP/s dense bf16, 8.0 TB/s, 180 GB, NVLink 5 at 900 GB/s per
   * direction, 1,000 W (same source); the achieved share is the H100's.
   */
  public static final Accelerator B200 =
      new Accelerator("B200 SXM", 2250e12, 0.803, 8.0e12, 180_000_000_000L, gbps(7200), 1000);

  /**
   * NVIDIA GB200: 2,500 TFLOP/s dense bf16, 8.0 TB/s, 186 GB, NVLink 5 at 900 GB/s per direction,
   * 1,200 W (same source); the achieved share is the H100's.
   */
  public static final Accelerator GB200 =
      new Accelerator("GB200", 2500e12, 0.803, 8.0e12, 186_000_000_000L, gbps(7200), 1200);

  /** This accelerator achieving another share of its peak, in (0, 1]. */
  public Accelerator efficiency(double share) {
    return new Accelerator(name, peakFlops, share, memoryBandwidth, memoryBytes, scaleUp, watts);
  }

  /**
   * The roofline time of one kernel.
   *
   * @param flops floating-point operations, not negative
   * @param bytes bytes read and written in the accelerator's memory, not negative
   */
  public Time timeFor(double flops, double bytes) {
    if (!(flops >= 0) || !(bytes >= 0)) {
      throw new IllegalArgumentException(
          "a kernel's FLOPs and bytes are 0 or more, but were %s and %s: count what it computes and moves"
              .formatted(flops, bytes));
    }
    double seconds = Math.max(flops / (peakFlops * efficiency), bytes / memoryBandwidth);
    if (seconds * 1e12 >= Long.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a time must lie between 0 and 106 days, but %s FLOPs and %s bytes take longer on %s: give fewer"
              .formatted(flops, bytes, name));
    }
    return new Time((long) Math.ceil(seconds * 1e12));
  }

  /**
   * Whether a training step fits into this accelerator's memory, with the arithmetic.
   *
   * @param need for example {@code network.memory(512, sgd(0.1))}
   */
  public MemoryFit fits(TrainingMemory need) {
    Check.notNull("a need", need, "write for example network.memory(512, sgd(0.1))");
    return new MemoryFit(this, need);
  }

  private static void above0(String what, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          what + " must be a number above 0, but was " + value + ": take it from the data sheet");
    }
  }
}
