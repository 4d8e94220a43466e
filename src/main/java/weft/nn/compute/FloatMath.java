package weft.nn.compute;

/**
 * Elementary functions over arrays in single precision, to about one unit in the last place. Plain
 * arithmetic, so that every machine and JDK gives the same bits.
 */
final class FloatMath {
  private static final float LOG2_E = 1.442695f;
  private static final float LN2_HIGH = 355f / 512;
  private static final float LN2_LOW = -2.1219444e-4f;

  /** 1.5·2^23: adding it leaves the nearest whole number in the low bits. */
  private static final float ROUND = 12582912f;

  private static final float LEAST = -87.3f;
  private static final float MOST = 88.3f;

  private FloatMath() {}

  /** to[i] = exp(from[i]); below exp(-87.3), which is 0 as far as single precision goes, 1e-38. */
  static void exp(float[] from, int fromOffset, float[] to, int toOffset, int count) {
    for (int i = 0; i < count; i++) {
      to[toOffset + i] = exp(from[fromOffset + i]);
    }
  }

  static float exp(float value) {
    float x = value < LEAST ? LEAST : value > MOST ? MOST : value;
    float shifted = x * LOG2_E + ROUND;
    float n = shifted - ROUND;
    float r = x - n * LN2_HIGH - n * LN2_LOW;
    float p =
        1f
            + r
            + r
                * r
                * (0.5f
                    + r
                        * (0.16666667f
                            + r * (0.041666646f + r * (0.0083333f + r * 0.0013981999f))));
    return p * Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + 0x3f800000);
  }

  static float logistic(float z) {
    float e = exp(-Math.abs(z));
    return z >= 0 ? 1 / (1 + e) : e / (1 + e);
  }

  static float tanh(float z) {
    float x = Math.abs(z);
    if (x < 0.1f) {
      float s = z * z;
      return z * (1 + s * (-0.33333334f + s * (0.13333334f + s * -0.053968254f)));
    }
    float e = exp(-2 * x);
    float t = (1 - e) / (1 + e);
    return z < 0 ? -t : t;
  }
}
