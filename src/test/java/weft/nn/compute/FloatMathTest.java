package weft.nn.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Erf;
import org.apache.commons.math3.util.FastMath;
import org.junit.jupiter.api.Test;

/** The functions in single precision against those of Commons Math in double precision. */
class FloatMathTest {
  private interface Range {
    void apply(float[] from, float[] to, int begin, int end);
  }

  private static float[] computed(Range function, float[] x) {
    float[] y = new float[x.length];
    function.apply(x, y, 0, x.length);
    return y;
  }

  /** 20,000 numbers evenly from {@code low} to {@code high}: many chunks, the last one short. */
  private static float[] numbers(double low, double high) {
    float[] x = new float[20_001];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (low + (high - low) * i / (x.length - 1));
    }
    return x;
  }

  private static void assertClose(
      Range function, DoubleUnaryOperator exact, double low, double high, double error) {
    float[] x = numbers(low, high);
    float[] y = computed(function, x);
    for (int i = 0; i < x.length; i++) {
      assertEquals(exact.applyAsDouble(x[i]), y[i], error, "at " + x[i]);
    }
  }

  private static void assertRelativelyClose(
      Range function, DoubleUnaryOperator exact, double low, double high, double error) {
    float[] x = numbers(low, high);
    float[] y = computed(function, x);
    for (int i = 0; i < x.length; i++) {
      assertEquals(1, y[i] / exact.applyAsDouble(x[i]), error, "at " + x[i]);
    }
  }

  private static double normal(double z) {
    return 0.5 * Erf.erfc(-z / FastMath.sqrt(2));
  }

  private static double geluSlope(double z) {
    return normal(z) + z * FastMath.exp(-z * z / 2) / FastMath.sqrt(2 * FastMath.PI);
  }

  @Test
  void expIsRightToThreeUnitsInTheLastPlace() {
    assertRelativelyClose(FloatMath::exp, FastMath::exp, -87, 88, 3.6e-7);
  }

  @Test
  void logisticAndTanhAreRightOverTheirWholeRange() {
    assertRelativelyClose(FloatMath::logistic, z -> 1 / (1 + FastMath.exp(-z)), -80, 80, 5e-7);
    assertRelativelyClose(FloatMath::tanh, FastMath::tanh, -40, 40.01, 5e-7);
    assertRelativelyClose(FloatMath::tanh, FastMath::tanh, 1e-8, 1e-3, 5e-7);
  }

  @Test
  void geluAndItsSlopeAreRightToOneMillionth() {
    assertClose(FloatMath::gelu, z -> z * normal(z), -30, 5.5, 6e-7);
    assertRelativelyClose(FloatMath::gelu, z -> z * normal(z), 1, 100, 4e-7);
    assertClose(
        (from, to, begin, end) -> {
          java.util.Arrays.fill(to, begin, end, 1);
          FloatMath.geluGradient(from, to, begin, end);
        },
        FloatMathTest::geluSlope,
        -30,
        30,
        1e-6);
  }

  @Test
  void slopesAreThoseOfTheFunctions() {
    double[] z = {-7, -3.2, -1, -1e-3, 0, 0.4, 1, 2.5, 6};
    double h = 1e-6;
    for (double each : z) {
      double gelu = (DoubleMath.gelu(each + h) - DoubleMath.gelu(each - h)) / (2 * h);
      assertEquals(gelu, DoubleMath.geluSlope(each), 1e-9);
      double[] gradient = {1};
      DoubleMath.siluGradient(new double[] {each}, gradient, 0, 1);
      assertEquals((silu(each + h) - silu(each - h)) / (2 * h), gradient[0], 1e-9);
      float[] single = {1};
      FloatMath.siluGradient(new float[] {(float) each}, single, 0, 1);
      assertEquals(gradient[0], single[0], 2e-6);
    }
  }

  private static double silu(double z) {
    return z * DoubleMath.logistic(z);
  }

  @Test
  void oneNumberGivesTheSameBitsAsAnArray() {
    float[] x = numbers(-20, 20);
    float[] exp = computed(FloatMath::exp, x);
    float[] logistic = computed(FloatMath::logistic, x);
    for (int i = 0; i < x.length; i++) {
      assertEquals(FloatMath.exp(x[i]), exp[i]);
      assertEquals(FloatMath.logistic(x[i]), logistic[i]);
    }
  }

  @Test
  void whatIsNoNumberStaysSo() {
    float[] nan = {Float.NaN};
    assertTrue(Float.isNaN(computed(FloatMath::exp, nan)[0]));
    assertTrue(Float.isNaN(computed(FloatMath::tanh, nan)[0]));
    assertTrue(Float.isNaN(computed(FloatMath::gelu, nan)[0]));
  }
}
