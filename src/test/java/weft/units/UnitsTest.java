package weft.units;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static weft.units.Units.gb;
import static weft.units.Units.gbps;
import static weft.units.Units.gib;
import static weft.units.Units.kb;
import static weft.units.Units.kib;
import static weft.units.Units.mbps;
import static weft.units.Units.ms;
import static weft.units.Units.seconds;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {

  /** Every Ethernet rate takes a whole number of picoseconds a byte. */
  @ParameterizedTest
  @CsvSource({
    "1,8000", "10,800", "25,320", "40,200", "100,80", "200,40", "400,20", "800,10", "1600,5"
  })
  void aByteTakesAWholeNumberOfPicoseconds(double gigabits, long picoseconds) {
    assertEquals(picoseconds, gbps(gigabits).psFor(1));
    assertEquals(4178 * picoseconds, gbps(gigabits).psFor(4178));
  }

  @Test
  void longTransfersStayExact() {
    assertEquals(20_000_000_000_000L, gbps(400).psFor(gb(1000).bytes()));
    assertEquals(8_000_000_000_000_000_000L / 100, mbps(1).psFor(10_000_000_000L));
  }

  @Test
  void decimalAndBinaryPrefixesDiffer() {
    assertEquals(1_000_000_000L, gb(1).bytes());
    assertEquals(1_073_741_824L, gib(1).bytes());
  }

  @Test
  void quantitiesPrintWithTheUnitThatFits() {
    assertEquals("64 KiB", kib(64).toString());
    assertEquals("1 GB", gb(1).toString());
    assertEquals("400 Gb/s", gbps(400).toString());
    assertEquals("16.67 us", us(16.6667).toString());
    assertEquals("1.5 ms", ms(1.5).toString());
  }

  @Test
  void impossibleQuantitiesAreRefusedInWords() {
    assertEquals(
        "a rate must be above 0, but was -1.0 Gb/s: write for example gbps(400)",
        assertThrows(IllegalArgumentException.class, () -> gbps(-1)).getMessage());
    assertEquals(
        "a time must lie between 0 and 106 days, but was NaN us: write for example us(1)",
        assertThrows(IllegalArgumentException.class, () -> us(Double.NaN)).getMessage());
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void quantitiesThatAreTooLargeSaySo() {
    refused(
        "a data size must lie between 0 and 9.2 EB (2^63 - 1 bytes), but was 1.0E30 kB: give a"
            + " number in that range",
        () -> kb(1e30));
    refused(
        "a rate is at most 9.2 Eb/s (2^63 - 1 bits a second), but was 1.0E12 Gb/s: write for"
            + " example gbps(400)",
        () -> gbps(1e12));
    refused(
        "a time must lie between 0 and 106 days, but 909495 TiB at 1 Gb/s take longer: lower the"
            + " size or raise the rate",
        () -> gbps(1).timeFor(gb(1e9)));
    refused(
        "a data size is at most 9.2 EB (2^63 - 1 bytes), but "
            + gb(9e9)
            + " and "
            + gb(9e9)
            + " are more:"
            + " lower one of them",
        () -> gb(9e9).plus(gb(9e9)));
    refused(
        "a time must lie between 0 and 106 days, but 9000000 s and 9000000 s are more: lower one of"
            + " them",
        () -> seconds(9e6).plus(seconds(9e6)));
    refused(
        "a time must lie between 0 and 106 days, but was -1.0 us: write for example us(1)",
        () -> us(-1));
  }
}
