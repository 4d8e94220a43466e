package weft.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers as a person would write them. */
class DigitsTest {
  @ParameterizedTest
  @CsvSource({
    "0.995, 0.995",
    "0.30000000000000004, 0.3",
    "1, 1",
    "-0.0, 0",
    "1234567, 1234570",
    "12345678, 1.23457e7",
    "0.00001, 1e-5",
    "0.0001, 0.0001",
    "-2.5e-7, -2.5e-7",
    "1e300, 1e300",
    "NaN, NaN",
    "Infinity, Infinity"
  })
  void sixSignificantDigitsWithoutTrailingZeros(double value, String text) {
    assertEquals(text, Digits.of(value));
  }

  @Test
  void fewerDigitsForLabels() {
    assertEquals("0.333", Digits.of(1 / 3.0, 3));
  }

  @Test
  void oneOfAThingIsNotSeveral() {
    assertEquals("1 row", Digits.counted(1, "row"));
    assertEquals("0 rows", Digits.counted(0, "row"));
    assertEquals("2 classes", Digits.counted(2, "class"));
  }
}
