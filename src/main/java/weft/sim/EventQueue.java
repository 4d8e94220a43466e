package weft.sim;

/**
 * Pending events in time order; events of equal time leave in the order in which they came.
 *
 * <p>An event is a bare {@code int} whose meaning is its owner's. Time never runs backwards: what
 * is added lies at or after {@link #now()}. Once it has grown to a run's size a queue allocates
 * nothing. Not for use by several threads.
 */
public interface EventQueue {
  /** What {@link #poll()} answers when nothing is pending; not to be added. */
  int NONE = -1;

  /** An empty queue at time 0. */
  static EventQueue create() {
    return new RadixEventQueue();
  }

  /**
   * Adds an event.
   *
   * @param timePs picoseconds, at least {@link #now()}
   * @param event any number but {@link #NONE}
   * @throws IllegalArgumentException if {@code timePs} has passed
   */
  void add(long timePs, int event);

  /** Takes the next event and moves {@link #now()} to its time; {@link #NONE} if there is none. */
  int poll();

  /** The time of the event taken last, picoseconds; 0 before the first. */
  long now();

  /** How many events are pending. */
  int size();
}
