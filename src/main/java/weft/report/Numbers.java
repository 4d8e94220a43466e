package weft.report;

import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;
import java.util.stream.DoubleStream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.columns.numbers.NumberColumnFormatter;

/**
 * Columns of numbers that print with as many digits as a reader needs, in {@code jshell} as in a
 * notebook; what they hold, and what a file of them says, is every digit.
 */
public final class Numbers {
  private static final NumberColumnFormatter READABLE =
      new NumberColumnFormatter(new SixDigits(), "");

  private Numbers() {}

  /** A column of these numbers; NaN is a missing one. */
  public static DoubleColumn column(String name, double... values) {
    return readable(DoubleColumn.create(name, values));
  }

  /** A column of these numbers. */
  public static DoubleColumn column(String name, DoubleStream values) {
    return readable(DoubleColumn.create(name, values));
  }

  /** A column of so many rows, all still missing. */
  public static DoubleColumn empty(String name, int rows) {
    return readable(DoubleColumn.create(name, rows));
  }

  private static DoubleColumn readable(DoubleColumn column) {
    column.setPrintFormatter(READABLE);
    return column;
  }

  private static final class SixDigits extends NumberFormat {
    private static final long serialVersionUID = 1;

    @Override
    public StringBuffer format(double number, StringBuffer to, FieldPosition position) {
      return to.append(Digits.of(number));
    }

    @Override
    public StringBuffer format(long number, StringBuffer to, FieldPosition position) {
      return to.append(number);
    }

    /** Columns are printed and never read. */
    @Override
    public Number parse(String source, ParsePosition position) {
      throw new UnsupportedOperationException("a printed number cannot be read again: " + source);
    }
  }
}
