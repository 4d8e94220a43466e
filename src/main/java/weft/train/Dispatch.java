package weft.train;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import weft.collective.Schedule;
import weft.collective.ScheduleBuilder;

/**
 * Workers that share out the experts of a layer and send each other sections of arrays, each on a
 * thread of its own: all wait until the last has come, who moves everybody's sections.
 */
final class Dispatch {
  private final int ranks;
  private final Part[] parts;
  private int arrived;
  private int meetings;
  private @Nullable Schedule moved;

  /**
   * What one worker sends, and where it takes over what it is sent.
   *
   * @param toExperts whether sections are of experts, and not of workers
   * @param values float32 or float64, as is {@code to}
   */
  @SuppressWarnings("ArrayRecordComponent") // inside this package, never compared
  record Part(boolean toExperts, Object values, int[] sent, Object to, int[] arrived) {}

  Dispatch(int ranks) {
    this.ranks = ranks;
    parts = new Part[ranks];
  }

  int ranks() {
    return ranks;
  }

  /**
   * Takes part.
   *
   * @return who sent whom how many numbers
   * @throws CancellationException if the thread is interrupted while it waits
   */
  synchronized Schedule meet(int rank, Part part) {
    parts[rank] = part;
    arrived++;
    if (arrived == ranks) {
      move();
      moved = schedule();
      arrived = 0;
      meetings++;
      notifyAll();
    } else {
      await(meetings);
    }
    return Objects.requireNonNull(moved);
  }

  private void await(int meeting) {
    while (meetings == meeting) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new CancellationException("interrupted: a worker waits for those with other experts");
      }
    }
  }

  /** What moves, each pair's numbers in a section of their own. */
  private Schedule schedule() {
    int all = 0;
    for (Part part : parts) {
      all += IntStream.of(part.sent).sum();
    }
    var builder = new ScheduleBuilder("dispatch", ranks, Math.max(1, all));
    int at = 0;
    for (int from = 0; from < ranks; from++) {
      int[] numbers = new int[ranks];
      Part part = parts[from];
      for (int s = 0; s < part.sent.length; s++) {
        numbers[owner(part, s)] += part.sent[s];
      }
      for (int to = 0; to < ranks; to++) {
        if (to != from && numbers[to] > 0) {
          builder.copy(0, from, to, at, numbers[to]);
        }
        at += numbers[to];
      }
    }
    return builder.build();
  }

  /** Who is sent a section. */
  private int owner(Part part, int section) {
    return part.toExperts ? section / (part.sent.length / ranks) : section % ranks;
  }

  /** Where it stands among the sections that arrive there. */
  private int place(Part part, int from, int section) {
    int own = part.sent.length / ranks;
    return part.toExperts ? section % own * ranks + from : from * own + section / ranks;
  }

  private void move() {
    for (int from = 0; from < ranks; from++) {
      Part part = parts[from];
      for (int s = 0; s < part.sent.length; s++) {
        parts[owner(part, s)].arrived[place(part, from, s)] = part.sent[s];
      }
    }
    for (int from = 0; from < ranks; from++) {
      Part part = parts[from];
      int at = 0;
      for (int s = 0; s < part.sent.length; s++) {
        Part other = parts[owner(part, s)];
        int to = before(other.arrived, place(part, from, s));
        System.arraycopy(part.values, at, other.to, to, part.sent[s]);
        at += part.sent[s];
      }
    }
  }

  private static int before(int[] lengths, int section) {
    int sum = 0;
    for (int i = 0; i < section; i++) {
      sum += lengths[i];
    }
    return sum;
  }
}
