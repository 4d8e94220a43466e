package weft.nn;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.FloatRounder;
import weft.nn.compute.Rounding;
import weft.nn.compute.Sections;
import weft.nn.compute.SimulatedPrecision;
import weft.report.Digits;
import weft.units.Check;

/**
 * How many bits a parameter, an activation or a gradient has while a network trains in batches.
 *
 * <p>The formats narrower than float32 are simulated as mixed precision (Micikevicius et al., ICLR
 * 2018): numbers are kept in float32 and rounded to the nearest of the format, ties to even, where
 * they pass from layer to layer: the outputs of each layer but the last, whose softmax and loss
 * stay in float32; the gradients of all outputs; and a working copy of the weights, renewed in each
 * step. A network's inputs, sums within a layer, gradients of weights, master weights and the
 * optimiser's memory are not rounded.
 */
public enum Precision {
  /** IEEE 754 single precision, 4 bytes; the default. */
  FLOAT32(4, null, null),
  /** IEEE 754 double precision, 8 bytes. */
  FLOAT64(8, null, null),
  /** The upper half of float32: its range, and 8 significant bits. */
  BFLOAT16(2, Rounding.BFLOAT16, Rounding.BFLOAT16),
  /**
   * IEEE 754 half precision: 11 significant bits, up to 65,504. The loss is multiplied by 65,536 so
   * that small gradients survive; a step in which a number overflows is skipped and halves that
   * factor, 2,000 steps without double it, as PyTorch's GradScaler.
   */
  FLOAT16(2, Rounding.FLOAT16, Rounding.FLOAT16),
  /**
   * The 8-bit formats of Micikevicius et al. (arXiv 2209.05433, 2022): E4M3 for weights and
   * activations, up to 448 and saturating there, E5M2 for gradients. Each weight tensor and each
   * gradient is scaled by a power of two from its own largest number, so no loss scale is needed;
   * biases and normalisation's scales are in bfloat16, as in NVIDIA's Transformer Engine.
   */
  FLOAT8(1, Rounding.E4M3, Rounding.E5M2);

  private static final String SEND = "write for example roundSent(values, 0, values.length)";

  private final int bytes;
  private final @Nullable Rounding rounding;
  private final @Nullable Rounding gradients;

  Precision(int bytes, @Nullable Rounding rounding, @Nullable Rounding gradients) {
    this.bytes = bytes;
    this.rounding = rounding;
    this.gradients = gradients;
  }

  /** Bytes of one number: 8, 4, 2 or 1. */
  public int bytes() {
    return bytes;
  }

  /** What master weights, gradients and the optimiser's memory are kept in: float32 or float64. */
  public Precision stored() {
    return this == FLOAT64 ? FLOAT64 : FLOAT32;
  }

  /** The nearest number that the format holds, unscaled; of FLOAT8 that of E4M3. */
  public double round(double value) {
    if (this == FLOAT64) {
      return value;
    }
    return rounding == null ? (float) value : rounding.round((float) value);
  }

  /**
   * Rounds a part of a gradient in place as it is when it is sent in this format. FLOAT16 and
   * FLOAT8, which is E5M2 here, are scaled by a power of two from the largest of these numbers.
   * Rounding again changes nothing.
   *
   * @param from first index
   * @param to one past the last
   * @throws IllegalArgumentException if the array has no such part
   */
  public void roundSent(float[] values, int from, int to) {
    checkPart(Check.notNull("numbers to send", values, SEND).length, from, to);
    if (gradients == Rounding.BFLOAT16) {
      gradients.round(values, from, to);
    } else if (gradients != null) {
      gradients.roundScaled(values, from, to);
    }
  }

  /** {@link #roundSent(float[], int, int)} on double precision, by way of float32. */
  public void roundSent(double[] values, int from, int to) {
    checkPart(Check.notNull("numbers to send", values, SEND).length, from, to);
    if (this == FLOAT64) {
      return;
    }
    float[] singles = new float[to - from];
    for (int i = from; i < to; i++) {
      singles[i - from] = (float) values[i];
    }
    roundSent(singles, 0, singles.length);
    for (int i = from; i < to; i++) {
      values[i] = singles[i - from];
    }
  }

  private static void checkPart(int length, int from, int to) {
    if (from < 0 || to < from || to > length) {
      throw new IllegalArgumentException(
          "a part to send is [from, to) within %s, got [%d, %d): %s"
              .formatted(Digits.counted(length, "number"), from, to, SEND));
    }
  }

  /** What rounds the numbers of a network at work; null if nothing does. */
  @Nullable FloatRounder rounder(Sections sections) {
    return switch (this) {
      case FLOAT32, FLOAT64 -> null;
      case BFLOAT16 -> SimulatedPrecision.bfloat16(sections);
      case FLOAT16 -> SimulatedPrecision.float16(sections);
      case FLOAT8 -> SimulatedPrecision.float8(sections);
    };
  }

  /** {@code float32}, {@code bfloat16} and so on. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
