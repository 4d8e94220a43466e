package weft.notebook.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Tables in pages and terminals. */
final class TableTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3.7037036699999994 12 | 3.70 12.00",
        "0.995 0.5 | 0.995 0.500",
        "1 2 3 | 1 2 3",
        "100000 25 | 100,000 25",
        "1234567.5 2.25 | 1,234,567.50 2.25",
        "0.000001 1000 | 1e-6 1,000",
        "4000 987.752 0.00838861 | 4,000 987.8 0.008389",
        "0 0.25 | 0.00 0.25",
        "-0.0001 100 | -0.0001 100.0000"
      })
  void aColumnsNumbersStandUnderEachOther(String numbers, String expected) {
    double[] values =
        IntStream.range(0, numbers.split(" ", -1).length)
            .mapToDouble(i -> Double.parseDouble(numbers.split(" ", -1)[i]))
            .toArray();
    NumberText format = NumberText.of(values);
    var texts = new StringBuilder();
    for (double value : values) {
      texts.append(texts.isEmpty() ? "" : " ").append(format.text(value));
    }
    assertEquals(expected, texts.toString());
  }

  @Test
  void textIsEscapedAndMissingIsADash() {
    var numbers = DoubleColumn.create("x");
    numbers.append(1.5).appendMissing();
    String html =
        HtmlTable.of(Table.create("<t>", StringColumn.create("a&b", "<i>", "$x$"), numbers));
    assertTrue(
        html.contains("&lt;t&gt;") && html.contains("a&amp;b") && html.contains("&lt;i&gt;"));
    assertTrue(html.contains(">–</td>"));
    assertFalse(html.contains("$"));
  }

  @Test
  void aLongTableIsCut() {
    var table = Table.create("long", IntColumn.create("n", IntStream.range(0, 100_000).toArray()));
    String html = HtmlTable.of(table);
    assertEquals(22, html.split("<tr>", -1).length - 1);
    assertTrue(html.contains("100,000 rows, 20 shown") && html.contains(">99,999<"));
    assertTrue(TextTable.of(table).contains("100,000 rows, 20 shown"));
  }

  @Test
  void coloursAreThePages() {
    String html = HtmlTable.of(Table.create("t", IntColumn.create("n", 1)));
    assertFalse(html.contains("black") || html.contains("white") || html.contains("#"));
  }

  @Test
  void aTerminalGetsAlignedColumns() {
    var table =
        Table.create("T", StringColumn.create("name", "a", "long"), IntColumn.create("n", 5, 12));
    assertEquals("T\nname   n\n--------\na      5\nlong  12", TextTable.of(table));
  }

  @Test
  void aTableMayLackAName() {
    var table = Table.create(IntColumn.create("n", 5, 6));
    assertTrue(TextTable.of(table).startsWith("n\n-\n5"));
    assertFalse(HtmlTable.of(table).contains("<caption"));
  }

  @Test
  void longsKeepTheirDigits() {
    var table = Table.create("t", LongColumn.create("n", 9007199254740993L, Long.MIN_VALUE + 1));
    assertTrue(TextTable.of(table).contains("9,007,199,254,740,993"));
    assertTrue(TextTable.of(table).contains("-9,223,372,036,854,775,807"));
  }

  @Test
  void aLongCellIsCut() {
    var table =
        Table.create(
            "t", StringColumn.create("s", "x".repeat(3000), "y"), IntColumn.create("n", 1, 2));
    assertTrue(TextTable.of(table).lines().allMatch(line -> line.length() < 250));
    assertTrue(HtmlTable.of(table).contains("xxx…<"));
  }
}
