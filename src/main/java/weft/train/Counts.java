package weft.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What one worker sent, by movement. */
final class Counts {
  private final Map<Movement, Integer> calls = new LinkedHashMap<>();
  private final Map<Movement, Long> numbers = new LinkedHashMap<>();

  void add(Movement movement, long sent) {
    calls.merge(movement, 1, Integer::sum);
    numbers.merge(movement, sent, Long::sum);
  }

  Set<Movement> movements() {
    return calls.keySet();
  }

  int calls(Movement movement) {
    return calls.getOrDefault(movement, 0);
  }

  /** Numbers of the network's precision that left this worker. */
  long numbers(Movement movement) {
    return numbers.getOrDefault(movement, 0L);
  }
}
