package weft.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * Loss and parameters by iteration. Long runs are thinned evenly: every iteration at first, then
 * every second, every fourth; the last one always stays.
 */
final class LossLog {
  /** Numbers kept at most. */
  private static final int NUMBERS = 200_000;

  private final int capacity;
  private int stride = 1;
  private final List<Entry> entries = new ArrayList<>();

  /** The values of one iteration. */
  @SuppressWarnings("ArrayRecordComponent") // package-private and never written to
  record Entry(int iteration, double loss, double[] values) {}

  LossLog(int parameters) {

    capacity = Math.min(2000, Math.max(50, NUMBERS / (parameters + 1)));
  }

  void add(int iteration, double loss, double[] values, boolean last) {
    if (iteration % stride != 0 && !last) {
      return;
    }
    entries.add(new Entry(iteration, loss, values));
    if (entries.size() >= capacity && !last) {
      stride *= 2;
      entries.removeIf(entry -> entry.iteration() % stride != 0);
    }
  }

  List<Entry> entries() {
    return entries;
  }

  double[] iterations() {
    return entries.stream().mapToDouble(Entry::iteration).toArray();
  }

  double[] losses() {
    return entries.stream().mapToDouble(Entry::loss).toArray();
  }
}
