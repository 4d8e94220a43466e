package weft.collective;

import java.util.Arrays;
import java.util.BitSet;
import java.util.StringJoiner;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Digits;

/** See {@link Schedule#trace}. */
final class Trace {
  private static final int MOST = 16; // ranks, and elements, that a page holds

  private final Schedule schedule;
  private final double[][] arrays;
  private final BitSet[] arrived; // in the last step, by rank
  private final StringColumn after = StringColumn.create("after");
  private final StringColumn[] columns;

  Trace(Schedule schedule, double[][] given) {
    int most = Arrays.stream(given).mapToInt(a -> a.length).max().orElse(0);
    if (given.length > MOST || most > MOST) {
      throw new IllegalArgumentException(
          "a trace shows up to %d ranks with up to %d elements each, but was given %d with %d: trace a small one, the steps are the same"
              .formatted(MOST, MOST, given.length, most));
    }
    this.schedule = schedule;
    this.arrays = Arrays.stream(given).map(double[]::clone).toArray(double[][]::new);
    this.arrived = new BitSet[given.length];
    this.columns = new StringColumn[given.length];
    for (int rank = 0; rank < given.length; rank++) {
      arrived[rank] = new BitSet();
      columns[rank] = StringColumn.create("rank " + rank);
    }
  }

  Table table() {
    var execution = new Execution<>(schedule, Numbers.DOUBLES, arrays, 0, null);
    add("start");
    for (int t = 0, next; t < schedule.size(); t = next) {
      next = execution.step(t);
      mark(t, next);
      if (next == schedule.size()) {
        execution.finish();
      }
      add("step " + (schedule.step(t) + 1));
    }
    Table table = Table.create(schedule.name() + " on " + schedule.ranks() + " ranks", after);
    return table.addColumns(columns);
  }

  private void mark(int begin, int end) {
    Arrays.stream(arrived).forEach(BitSet::clear);
    for (int t = begin; t < end; t++) {
      for (int s = 0; s < schedule.sections(t) && schedule.to(t) < arrived.length; s++) {
        int at = schedule.at(t, s);
        arrived[schedule.to(t)].set(at, at + schedule.count(t, s));
      }
    }
  }

  private void add(String when) {
    after.append(when);
    for (int rank = 0; rank < columns.length; rank++) {
      var numbers = new StringJoiner(", ");
      for (int i = 0; i < arrays[rank].length; i++) {
        String number = Digits.of(arrays[rank][i]);
        numbers.add(arrived[rank].get(i) ? "[" + number + "]" : number);
      }
      columns[rank].append(numbers.toString());
    }
  }
}
