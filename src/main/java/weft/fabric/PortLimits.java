package weft.fabric;

import java.util.ArrayList;
import java.util.Optional;
import weft.units.Check;

/**
 * Queue thresholds of a cable's ports where they differ from the run's; they hold at both ends.
 *
 * <ul>
 *   <li>{@link #markFrom} and {@link #markAll} replace Kmin and Kmax of the run's marking profile
 *       in the queue of the port that sends into the cable; the most probable mark between them
 *       stays the profile's.
 *   <li>{@link #pauseAt} and {@link #resumeAt} replace the dynamic threshold of priority flow
 *       control at the port that receives from the cable: what its switch holds of that cable's
 *       packets pauses the other end above the one, and lets it go on at the other or below.
 *   <li>{@link #queueMost} is the most that may wait in the queue of the port that sends into the
 *       cable, by traffic class; what comes above is dropped or trimmed, under priority flow
 *       control too. Switches that give credit have no such queues.
 * </ul>
 *
 * @param markFrom least queue at which packets are marked
 * @param markAll queue above which all packets are marked
 * @param pauseAt bytes held above which the sender is paused (xoff)
 * @param resumeAt bytes held at which the sender may go on (xon)
 * @param queueMost longest queue
 */
public record PortLimits(
    Optional<QueueLength> markFrom,
    Optional<QueueLength> markAll,
    Optional<QueueLength> pauseAt,
    Optional<QueueLength> resumeAt,
    Optional<QueueLength> queueMost) {

  /** Everything as the run says. */
  public static final PortLimits NONE =
      new PortLimits(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * @throws IllegalArgumentException if the lower of two thresholds in the same unit is the higher
   */
  public PortLimits {
    checkOrder("marking begins", markFrom, "marks all", markAll);
    checkOrder("a pause ends", resumeAt, "begins", pauseAt);
  }

  private static void checkOrder(
      String lower, Optional<QueueLength> low, String upper, Optional<QueueLength> high) {
    Check.notNull("a threshold", low, "write Optional.empty() for the run's");
    Check.notNull("a threshold", high, "write Optional.empty() for the run's");
    boolean comparable = low.isPresent() && high.isPresent() && sameUnit(low.get(), high.get());
    if (comparable && low.get().amount() > high.get().amount()) {
      throw new IllegalArgumentException(
          "%s at a queue no longer than the one where it %s, but at %s and %s: give the shorter first"
              .formatted(lower, upper, low.get(), high.get()));
    }
  }

  private static boolean sameUnit(QueueLength a, QueueLength b) {
    return a.unit() == b.unit();
  }

  PortLimits marking(QueueLength from, QueueLength all) {
    return new PortLimits(Optional.of(from), Optional.of(all), pauseAt, resumeAt, queueMost);
  }

  PortLimits pausing(QueueLength pause, QueueLength resume) {
    return new PortLimits(markFrom, markAll, Optional.of(pause), Optional.of(resume), queueMost);
  }

  PortLimits queue(QueueLength most) {
    return new PortLimits(markFrom, markAll, pauseAt, resumeAt, Optional.of(most));
  }

  /** For example {@code marks 100 KiB to 400 KiB, queue 1 MiB}; empty when all is the run's. */
  @Override
  public String toString() {
    var parts = new ArrayList<String>();
    markFrom.ifPresent(from -> parts.add("marks from " + from));
    markAll.ifPresent(all -> parts.add("marks all above " + all));
    pauseAt.ifPresent(at -> parts.add("pauses above " + at));
    resumeAt.ifPresent(at -> parts.add("resumes at " + at));
    queueMost.ifPresent(most -> parts.add("queue at most " + most));
    return String.join(", ", parts);
  }
}
