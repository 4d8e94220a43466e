package weft.nn.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import weft.sim.RandomStreams;

/** Rounding to narrow formats, against every number that they hold. */
class RoundingTest {
  /** What a code means, by the definition of the format; codes count through the positive half. */
  private static double value(Rounding format, int code) {
    return switch (format) {
      case BFLOAT16 -> decode(code, 7, 127, true);
      case FLOAT16 -> decode(code, 10, 15, true);
      case E4M3 -> code == 0x7f ? Double.NaN : decode(code, 3, 7, false);
      case E5M2 -> decode(code, 2, 15, true);
    };
  }

  private static double decode(int code, int mantissaBits, int bias, boolean infinities) {
    int mantissa = code & ((1 << mantissaBits) - 1);
    int exponent = code >> mantissaBits;
    int bits =
        switch (mantissaBits) {
          case 7 -> 8;
          case 10 -> 5;
          case 3 -> 4;
          default -> 5;
        };
    if (infinities && exponent == (1 << bits) - 1) {
      return mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    double one = 1 << mantissaBits;
    return exponent == 0
        ? Math.scalb(mantissa / one, 1 - bias)
        : Math.scalb(1 + mantissa / one, exponent - bias);
  }

  /** All finite numbers of a format from 0 up; their index is their code. */
  private static List<Double> finite(Rounding format) {
    int codes = format == Rounding.BFLOAT16 || format == Rounding.FLOAT16 ? 0x8000 : 0x80;
    var values = new ArrayList<Double>();
    for (int code = 0; code < codes; code++) {
      double value = value(format, code);
      if (Double.isFinite(value)) {
        values.add(value);
      }
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void everyNumberOfTheFormatStays(Rounding format) {
    for (double value : finite(format)) {
      assertEquals((float) value, format.round((float) value));
      assertEquals((float) -value, format.round((float) -value));
    }
  }

  /** Halfway between two numbers the one with an even code; a little beside, the nearer one. */
  @ParameterizedTest
  @EnumSource
  void otherNumbersBecomeTheNearestAndTiesTheEvenOne(Rounding format) {
    List<Double> values = finite(format);
    for (int code = 0; code + 1 < values.size(); code++) {
      double low = values.get(code);
      double high = values.get(code + 1);
      float middle = (float) ((low + high) / 2); // exact: one bit more than the format has
      double even = code % 2 == 0 ? low : high;
      assertEquals((float) even, format.round(middle), () -> "tie at " + middle);
      assertEquals((float) -even, format.round(-middle));
      assertEquals((float) low, format.round(Math.nextDown(middle)));
      assertEquals((float) high, format.round(Math.nextUp(middle)));
      assertEquals((float) -high, format.round(Math.nextDown(-middle)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BFLOAT16, 3.3895314e38, Infinity",
    "FLOAT16, 65504, Infinity",
    "E4M3, 448, 448",
    "E5M2, 57344, Infinity"
  })
  void beyondTheLargestNumber(Rounding format, float most, float beyond) {
    List<Double> values = finite(format);
    assertEquals(most, values.get(values.size() - 1).floatValue());
    assertEquals(most, format.most());
    assertEquals(beyond, format.round(Float.MAX_VALUE));
    assertEquals(-beyond, format.round(-Float.MAX_VALUE));
    assertEquals(beyond, format.round(Float.POSITIVE_INFINITY));
    assertEquals(-beyond, format.round(Float.NEGATIVE_INFINITY));
    double step = most - values.get(values.size() - 2);
    float tie = (float) (most + step / 2);
    assertEquals(most, format.round(Math.nextDown(tie)));
    assertEquals(beyond, format.round(tie));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNoNumberStaysNoneAndZeroKeepsItsSign(Rounding format) {
    assertTrue(Float.isNaN(format.round(Float.NaN)));
    assertTrue(Float.isNaN(format.round(Float.intBitsToFloat(0x7fffffff))));
    assertTrue(Float.isNaN(format.round(Float.intBitsToFloat(0xff800001))));
    assertEquals(0x80000000, Float.floatToRawIntBits(format.round(-0f)));
    assertEquals(0, Float.floatToRawIntBits(format.round(Float.MIN_VALUE)));
    assertEquals(0x80000000, Float.floatToRawIntBits(format.round(-Float.MIN_VALUE)));
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT16, 5.9604645e-8, 6.1035156e-5",
    "E4M3, 0.001953125, 0.015625",
    "E5M2, 1.52587890625e-5, 6.103515625e-5"
  })
  void theSmallestNumbers(Rounding format, float subnormal, float normal) {
    assertEquals(subnormal, finite(format).get(1).floatValue());
    assertEquals(subnormal, format.round(subnormal * 0.50001f));
    assertEquals(0, format.round(subnormal * 0.5f));
    assertEquals(2 * subnormal, format.round(subnormal * 1.5f));
    assertEquals(normal, format.round(normal));
  }

  private static float[] gaussians(int count, double size) {
    RandomGenerator random = new RandomStreams(3).named("rounding");
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (size * random.nextGaussian());
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void scalingKeepsSmallNumbersAndASecondTimeChangesNothing(Rounding format) {
    for (double size : new double[] {1e-30, 1e-9, 1, 1e9, 1e30}) {
      for (int count = 1; count < 200; count += 7) {
        float[] values = gaussians(count, size);
        float[] rounded = values.clone();
        format.roundScaled(rounded, 0, count);
        float[] again = rounded.clone();
        format.roundScaled(again, 0, count);
        assertArrayEquals(rounded, again);
        for (int i = 0; i < count; i++) {
          assertEquals(values[i], rounded[i], 0.126 * Math.abs(values[i]) + 1e-4 * size);
        }
      }
    }
  }

  @Test
  void onlyTheGivenPartIsRounded() {
    float[] values = new float[9];
    Arrays.fill(values, 1.1f);
    Rounding.E5M2.round(values, 2, 4);
    Rounding.E5M2.roundScaled(values, 6, 7);
    assertArrayEquals(new float[] {1.1f, 1.1f, 1, 1, 1.1f, 1.1f, 1, 1.1f, 1.1f}, values);
  }

  @Test
  void theLargestSizeIsFoundWhereverItLies() {
    for (int at = 0; at < 11; at++) {
      float[] values = new float[11];
      values[at] = -2;
      assertEquals(2, Rounding.largest(values, 0, 11));
      values[at] = Float.NaN;
      assertTrue(Float.isNaN(Rounding.largest(values, 0, 11)));
    }
  }
}
