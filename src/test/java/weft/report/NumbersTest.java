package weft.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;

class NumbersTest {
  private static final DoubleColumn COLUMN =
      Numbers.column("x", 0.1 + 0.2, 310384.03071117017, 1e-11 / 3, Double.NaN);

  @Test
  void aColumnPrintsSixDigits() {
    assertEquals("0.3", COLUMN.getString(0));
    assertEquals("310384", COLUMN.getString(1));
    assertEquals("3.33333e-12", COLUMN.getString(2));
    assertEquals("", COLUMN.getString(3));
  }

  @Test
  void whatIsMadeOfItPrintsSixDigitsToo() {
    Table table = Table.create(COLUMN.copy());
    assertEquals("310384", table.sortDescendingOn("x").getString(1, 0));
    assertEquals("0.3", table.where(table.doubleColumn("x").isLessThan(1)).getString(0, 0));
  }

  @Test
  void aFileHasEveryDigit() {
    String csv = Table.create(COLUMN).write().toString("csv");
    assertTrue(csv.contains("310384.03071117017"), csv);
    assertEquals(0.1 + 0.2, COLUMN.getDouble(0));
  }

  @Test
  void anEmptyColumnHasItsRows() {
    assertEquals(3, Numbers.empty("x", 3).countMissing());
  }
}
