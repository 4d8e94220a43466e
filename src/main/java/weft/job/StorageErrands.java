package weft.job;

import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Numbers;

/** Rows of what goes to and from storage. */
final class StorageErrands {
  private final StringColumn names = StringColumn.create("what");
  private final DoubleColumn sizes = Numbers.column("size (GB)");
  private final DoubleColumn rates = Numbers.column("rate (GB/s)");
  private final StringColumn limits = StringColumn.create("limited by");
  private final DoubleColumn times = Numbers.column("time (s)");
  private final DoubleColumn waits = Numbers.column("GPUs wait (s)");

  void add(String name, double bytes, FrontEnd.Narrowest path, double wait) {
    names.append(name);
    sizes.append(bytes / 1e9);
    rates.append(path.bytesPerSecond() / 1e9);
    limits.append(path.part());
    times.append(bytes / path.bytesPerSecond());
    waits.append(wait);
  }

  Table table(String title) {
    return Table.create(title, names, sizes, rates, limits, times, waits);
  }
}
