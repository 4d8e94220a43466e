package weft.train;

import java.util.concurrent.CancellationException;

/**
 * Workers that share out the experts of a layer and send each other sections of arrays, each on a
 * thread of its own: all wait until the last has come, who moves everybody's sections.
 */
final class Dispatch {
  private final int ranks;
  private final Part[] parts;
  private int arrived;
  private int meetings;

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
   * @return how many numbers this rank sent to others
   * @throws CancellationException if the thread is interrupted while it waits
   */
  synchronized long meet(int rank, Part part) {
    parts[rank] = part;
    arrived++;
    if (arrived == ranks) {
      move();
      arrived = 0;
      meetings++;
      notifyAll();
    } else {
      await(meetings);
    }
    return sent(rank, part);
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

  private long sent(int rank, Part part) {
    long sum = 0;
    for (int s = 0; s < part.sent.length; s++) {
      sum += owner(part, s) == rank ? 0 : part.sent[s];
    }
    return sum;
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
