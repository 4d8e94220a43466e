package weft.train;

import java.util.ArrayList;
import java.util.List;

/** What one GPU of a plan did, step by step, in order; written by its thread alone. */
final class PlanLog {
  private final List<List<PlanEvent>> steps = new ArrayList<>();
  private List<PlanEvent> current = new ArrayList<>();

  void add(PlanEvent event) {
    current.add(event);
  }

  /** Closes a step. One that is as the one before, as most are, is kept once. */
  void endStep() {
    List<PlanEvent> last = steps.isEmpty() ? List.of() : steps.get(steps.size() - 1);
    steps.add(current.equals(last) ? last : List.copyOf(current));
    current = new ArrayList<>();
  }

  int steps() {
    return steps.size();
  }

  List<PlanEvent> step(int number) {
    return steps.get(number);
  }
}
