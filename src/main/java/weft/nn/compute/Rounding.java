package weft.nn.compute;

/**
 * Rounding of single-precision numbers to what a narrower binary format holds: to nearest, ties to
 * even. The numbers stay in {@code float}s; NaN stays NaN. Loops are free of jumps, so that a
 * number takes about 1.5 ns whatever it is.
 */
public enum Rounding {
  /** Google's bfloat16: 8 bits of exponent as in float32, 7 of mantissa. */
  BFLOAT16(7, -126, 0x1.FEp127f, false),
  /** IEEE 754 binary16: 5 bits of exponent, 10 of mantissa; beyond 65,504 infinite. */
  FLOAT16(10, -14, 65504, false),
  /**
   * 8 bits with 4 of exponent and 3 of mantissa; beyond 448, also infinite, it becomes 448
   * (Micikevicius et al. 2022, table 1; OCP 8-bit floating point, saturating).
   */
  E4M3(3, -6, 448, true),
  /** 8 bits with 5 of exponent and 2 of mantissa; beyond 57,344 infinite (ibid.). */
  E5M2(2, -14, 57344, false);

  private static final int SIGN = 0x80000000;
  private static final int INFINITE = 0x7f800000;
  private static final int MANTISSA = 23;

  private final int shift;
  private final int leastNormal;
  private final float grid;
  private final float most;
  private final int mostBits;
  private final int beyond;
  private final int target;

  /**
   * @param mantissa bits of it
   * @param leastExponent of a normal number
   * @param most the largest number
   * @param saturating whether larger ones become it, rather than infinite
   */
  Rounding(int mantissa, int leastExponent, float most, boolean saturating) {
    this.shift = MANTISSA - mantissa;
    // Subnormals lie on a grid: adding 2^23 grid steps and taking them away rounds to it. Those of
    // bfloat16 are float32's own, and rounding their bits is enough.
    boolean ownSubnormals = leastExponent > Float.MIN_EXPONENT;
    this.leastNormal = ownSubnormals ? Float.floatToRawIntBits(Math.scalb(1f, leastExponent)) : 0;
    this.grid = ownSubnormals ? Math.scalb(1f, leastExponent - mantissa + MANTISSA) : 0;
    this.most = most;
    this.mostBits = Float.floatToRawIntBits(most);
    this.beyond = saturating ? mostBits : INFINITE;
    this.target = Math.getExponent(most) - 1;
  }

  /** The largest finite number of the format. */
  public float most() {
    return most;
  }

  /** The number of the format nearest to this one. */
  public float round(float value) {
    return round(value, shift, leastNormal, grid, mostBits, beyond);
  }

  /** Rounds {@code values[from..to)} in place. */
  public void round(float[] values, int from, int to) {
    int bits = shift;
    int least = leastNormal;
    float step = grid;
    int top = mostBits;
    int over = beyond;
    for (int i = from; i < to; i++) {
      values[i] = round(values[i], bits, least, step, top, over);
    }
  }

  /**
   * Chooses between bits, which positive numbers share the order of: whole numbers need no jump.
   */
  private static float round(
      float value, int shift, int leastNormal, float grid, int most, int beyond) {
    int bits = Float.floatToRawIntBits(value);
    int size = bits & ~SIGN;
    int subnormal = Float.floatToRawIntBits(Math.abs(value) + grid - grid);
    int near = size < leastNormal ? subnormal : significant(size, shift);
    int bounded = near > most ? beyond : near;
    return Float.intBitsToFloat(size > INFINITE ? bits : bounded | (bits & SIGN));
  }

  /** The bits of a positive number without its last {@code shift}, a tie to even. */
  private static int significant(int bits, int shift) {
    int half = 1 << (shift - 1);
    return (bits + half - 1 + ((bits >>> shift) & 1)) & -(1 << shift);
  }

  /**
   * Rounds {@code values[from..to)} as multiples of a power of two that is chosen so that the
   * largest lies just below the top of the format's range: per-tensor scaling from the present
   * numbers. Doing it again changes nothing.
   */
  public void roundScaled(float[] values, int from, int to) {
    float largest = largest(values, from, to);
    if (largest == 0 || Float.isNaN(largest) || Float.isInfinite(largest)) {
      round(values, from, to);
      return;
    }
    // The exponent after rounding, so that a second time finds the same one
    int bits = significant(Float.floatToRawIntBits(largest), shift);
    int exponent = target - Math.getExponent(Float.intBitsToFloat(bits));
    int within = Math.max(Float.MIN_EXPONENT, Math.min(-Float.MIN_EXPONENT, exponent));
    float up = Math.scalb(1f, within);
    float down = Math.scalb(1f, -within);
    for (int i = from; i < to; i++) {
      values[i] *= up;
    }
    round(values, from, to);
    for (int i = from; i < to; i++) {
      values[i] *= down;
    }
  }

  /** The largest size of a number in {@code values[from..to)}; NaN if there is one. */
  static float largest(float[] values, int from, int to) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a = Math.max(a, Math.abs(values[i]));
      b = Math.max(b, Math.abs(values[i + 1]));
      c = Math.max(c, Math.abs(values[i + 2]));
      d = Math.max(d, Math.abs(values[i + 3]));
    }
    for (; i < to; i++) {
      a = Math.max(a, Math.abs(values[i]));
    }
    return Math.max(Math.max(a, b), Math.max(c, d));
  }
}
