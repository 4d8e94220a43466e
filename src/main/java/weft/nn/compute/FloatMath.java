package weft.nn.compute;

/**
 * Elementary functions in single precision. Plain arithmetic, so that every machine and JDK gives
 * the same bits, and without a branch, so that loops run on vectors; the compiler does that for
 * arrays that are read and written at the same index, and not at two offsets.
 */
final class FloatMath {
  private static final float LOG2_E = 1.442695f;
  private static final float LN2_HIGH = 355f / 512;
  private static final float LN2_LOW = -2.1219444e-4f;

  /** 1.5·2^23: adding it leaves the nearest whole number in the low bits. */
  private static final float ROUND = 12582912f;

  private static final float LEAST = -87.3f;
  private static final float MOST = 88.3f;

  /** From here on tanh is 1 as far as single precision goes. */
  private static final float TANH_END = 9.02f;

  /** Beyond, Φ is 0 or 1 to within 2e-8. */
  private static final float NORMAL_END = 5.5f;

  /** Numbers worked on at once: few enough to stay in the nearest cache. */
  private static final int CHUNK = 1024;

  /** Of one thread. */
  private static final class Memory {
    final float[] powers = new float[CHUNK];
    final float[] rests = new float[CHUNK];
  }

  private static final ThreadLocal<Memory> MEMORY = ThreadLocal.withInitial(Memory::new);

  private FloatMath() {}

  /**
   * to[i] = exp(from[i]) from {@code begin} to {@code end}, to three units in the last place; below
   * exp(-87.3), which is 0 as far as single precision goes, 1e-38.
   */
  static void exp(float[] from, float[] to, int begin, int end) {
    Memory memory = MEMORY.get();
    for (int at = begin; at < end; at += CHUNK) {
      int count = Math.min(CHUNK, end - at);
      System.arraycopy(from, at, memory.rests, 0, count);
      split(memory.rests, memory.powers, count);
      for (int i = 0; i < count; i++) {
        to[at + i] = memory.rests[i] * power(memory.powers[i]);
      }
    }
  }

  /** exp(x) = 2ⁿ·exp(r): replaces x by exp(r) and writes n. */
  private static void split(float[] x, float[] powers, int count) {
    for (int i = 0; i < count; i++) {
      float s = shifted(x[i]);
      powers[i] = s;
      x[i] = rest(x[i], s);
    }
  }

  /** x·log₂e rounded to n, which lies in the low bits. */
  private static float shifted(float x) {
    return Math.max(LEAST, Math.min(MOST, x)) * LOG2_E + ROUND;
  }

  /** exp(r) of r = x - n·ln 2, between -0.35 and 0.35. */
  private static float rest(float x, float shifted) {
    float n = shifted - ROUND;
    float r = Math.max(LEAST, Math.min(MOST, x)) - n * LN2_HIGH - n * LN2_LOW;
    float tail = 0.16666667f + r * (0.041666646f + r * (0.0083333f + r * 0.0013981999f));
    return 1 + r + r * r * (0.5f + r * tail);
  }

  /** 2ⁿ. */
  private static float power(float shifted) {
    return Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + 0x3f800000);
  }

  static float exp(float x) {
    float s = shifted(x);
    return rest(x, s) * power(s);
  }

  static float logistic(float z) {
    return 1 / (1 + exp(-z));
  }

  /** to[i] = 1 / (1 + exp(-from[i])). */
  static void logistic(float[] from, float[] to, int begin, int end) {
    for (int i = begin; i < end; i++) {
      to[i] = -from[i];
    }
    exp(to, to, begin, end);
    for (int i = begin; i < end; i++) {
      to[i] = 1 / (1 + to[i]);
    }
  }

  /** To 4e-7 of its size: a quotient of polynomials fitted to tanh. */
  static float tanh(float z) {
    float x = Math.max(-TANH_END, Math.min(TANH_END, z));
    float s = x * x;
    float p = 0.003494066f + s * (2.0583931e-5f + s * 1.3319574e-8f);
    float q = 0.025871197f + s * (3.2831414e-4f + s * 7.76225e-7f);
    float t = x * (1 + s * (0.13379745f + s * p)) / (1 + s * (0.4671306f + s * q));
    return Math.max(-1, Math.min(1, t));
  }

  /** to[i] = tanh(from[i]). */
  static void tanh(float[] from, float[] to, int begin, int end) {
    for (int i = begin; i < end; i++) {
      to[i] = tanh(from[i]);
    }
  }

  /**
   * z·Φ(z) to 5e-7, Φ the cumulative normal distribution: z above 0, less |z|·Φ(-|z|), which is a
   * quotient of polynomials fitted to it.
   */
  static float gelu(float z) {
    float x = Math.min(NORMAL_END, Math.abs(z));
    float p = 0.19066712f + x * (-0.03760723f + x * (0.003730076f + x * -1.487276e-4f));
    float q = 0.012671394f + x * (0.0072635673f + x * (-0.0019768262f + x * 7.70983e-4f));
    p = 0.5000031f + x * (-0.4864566f + x * p);
    q = 1 + x * (-0.17485127f + x * (0.24046986f + x * (-0.011659647f + x * q)));
    return Math.max(z, 0) - x * p / q;
  }

  /** to[i] = gelu(from[i]). */
  static void gelu(float[] from, float[] to, int begin, int end) {
    for (int i = begin; i < end; i++) {
      to[i] = gelu(from[i]);
    }
  }

  /** Φ(z) + z·φ(z), the slope of {@link #gelu(float)}, to 1e-6: likewise a quotient. */
  static float geluSlope(float z) {
    float x = Math.max(-NORMAL_END, Math.min(NORMAL_END, z));
    float s = x * x;
    float p = 3.3113865e-5f + s * (1.0719542e-7f + s * 3.472524e-10f);
    float q = 0.0033354035f + s * (1.7818813e-4f + s * 7.3316824e-6f);
    p = 0.79788494f + s * (-0.03359669f + s * (0.0141827725f + s * (-1.526308e-5f + s * p)));
    q = 1 + s * (0.2912302f + s * (0.039842196f + s * q));
    return 0.5f + x * p / q;
  }

  /** gradient[i] *= gelu'(z[i]). */
  static void geluGradient(float[] z, float[] gradient, int begin, int end) {
    for (int i = begin; i < end; i++) {
      gradient[i] *= geluSlope(z[i]);
    }
  }

  /** gradient[i] *= s·(1 + z·(1 - s)), s = logistic(z) = (1 + tanh(z/2)) / 2. */
  static void siluGradient(float[] z, float[] gradient, int begin, int end) {
    for (int i = begin; i < end; i++) {
      float s = 0.5f + 0.5f * tanh(0.5f * z[i]);
      gradient[i] *= s * (1 + z[i] * (1 - s));
    }
  }

  /** 1 if a < b, else 0, from the sign of the difference: a branch would often be guessed wrong. */
  static int less(float a, float b) {
    return Float.floatToRawIntBits(a - b) >>> 31;
  }
}
