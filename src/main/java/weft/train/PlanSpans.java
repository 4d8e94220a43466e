package weft.train;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Where the simulated time of an executed plan went: by step and by worker, ps. */
final class PlanSpans {
  private final long[] finished;
  private final Map<Activity, long[]> spent = new EnumMap<>(Activity.class); // by worker
  private final List<List<Span>> lastStep = new ArrayList<>();

  /** What a worker did from then to then, ps. */
  record Span(Activity activity, long fromPs, long toPs) {}

  PlanSpans(int workers, int steps) {
    finished = new long[steps];
    for (Activity activity : Activity.values()) {
      spent.put(activity, new long[workers]);
    }
    for (int worker = 0; worker < workers; worker++) {
      lastStep.add(new ArrayList<>());
    }
  }

  void add(int worker, int step, Activity activity, long fromPs, long toPs) {
    of(activity)[worker] += toPs - fromPs;
    if (step == finished.length - 1 && toPs > fromPs) {
      lastStep(lastStep.get(worker), new Span(activity, fromPs, toPs));
    }
  }

  /** What goes on without a break is one span. */
  private static void lastStep(List<Span> spans, Span next) {
    Span before = spans.isEmpty() ? null : spans.get(spans.size() - 1);
    if (before != null && before.activity == next.activity && before.toPs == next.fromPs) {
      spans.set(spans.size() - 1, new Span(next.activity, before.fromPs, next.toPs));
    } else {
      spans.add(next);
    }
  }

  void finished(int step, long ps) {
    finished[step] = Math.max(finished[step], ps);
  }

  /** When the last worker had updated. */
  long[] finished() {
    return finished;
  }

  /** In all steps. */
  long spent(int worker, Activity activity) {
    return of(activity)[worker];
  }

  private long[] of(Activity activity) {
    return Objects.requireNonNull(spent.get(activity));
  }

  /** Of the last step, in order. */
  List<Span> lastStep(int worker) {
    return lastStep.get(worker);
  }
}
