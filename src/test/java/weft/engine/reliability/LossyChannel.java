package weft.engine.reliability;

import java.util.PriorityQueue;
import org.apache.commons.math3.random.RandomGenerator;

/** A channel that loses, delays and doubles what it is given, by a seeded generator. */
final class LossyChannel {
  private final RandomGenerator random;
  private final double loss;
  private final double duplication;
  private final int jitter; // ticks
  private final PriorityQueue<Item> inside = new PriorityQueue<>();
  private long count;

  /** What was put in: three numbers. */
  record Item(long due, long number, int psn, int expected, long stamp)
      implements Comparable<Item> {
    @Override
    public int compareTo(Item other) {
      int byTime = Long.compare(due, other.due);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  /**
   * @param jitter most ticks that an item is late, above 0 for items to overtake each other
   */
  LossyChannel(RandomGenerator random, double loss, double duplication, int jitter) {
    this.random = random;
    this.loss = loss;
    this.duplication = duplication;
    this.jitter = jitter;
  }

  void put(long now, int psn, int expected, long stamp) {
    int copies = random.nextDouble() < loss ? 0 : random.nextDouble() < duplication ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      long due = now + 10 + (jitter == 0 ? 0 : random.nextInt(jitter + 1));
      inside.add(new Item(due, count++, psn, expected, stamp));
    }
  }

  boolean has(long now) {
    return !inside.isEmpty() && inside.peek().due <= now;
  }

  Item take() {
    return inside.remove();
  }
}
