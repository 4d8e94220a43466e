package weft.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventQueueTest {
  record Pending(long time, int order, int event) {}

  @Test
  void eventsLeaveInTimeOrder() {
    var queue = EventQueue.create();
    queue.add(30, 3);
    queue.add(10, 1);
    queue.add(20, 2);
    assertEquals(1, queue.poll());
    assertEquals(10, queue.now());
    assertEquals(2, queue.poll());
    assertEquals(3, queue.poll());
    assertEquals(EventQueue.NONE, queue.poll());
    assertEquals(30, queue.now());
  }

  @Test
  void eventsOfOneTimeLeaveInTheOrderTheyCame() {
    var queue = EventQueue.create();
    for (int i = 0; i < 100; i++) {
      queue.add(i % 2 == 0 ? 7 : 8, i);
    }
    for (int i = 0; i < 100; i++) {
      assertEquals(i < 50 ? 2 * i : 2 * (i - 50) + 1, queue.poll());
    }
  }

  @Test
  void thePastIsRefused() {
    var queue = EventQueue.create();
    queue.add(10, 1);
    queue.poll();
    queue.add(10, 2);
    assertThrows(IllegalArgumentException.class, () -> queue.add(9, 3));
  }

  /** Few distinct times, so that ties are common; delays from 0 to half an hour. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithABinaryHeap(long seed) {
    var random = new Random(seed);
    var queue = EventQueue.create();
    var reference =
        new PriorityQueue<Pending>(
            Comparator.comparingLong(Pending::time).thenComparingInt(Pending::order));
    long now = 0;
    for (int i = 0; i < 50_000; i++) {
      if (reference.isEmpty() || random.nextInt(100) < 52) {
        long time = now + ((long) random.nextInt(4) << random.nextInt(1 + random.nextInt(50)));
        queue.add(time, i);
        reference.add(new Pending(time, i, i));
      } else {
        Pending next = reference.remove();
        assertEquals(next.event(), queue.poll());
        assertEquals(next.time(), queue.now());
        now = next.time();
      }
      assertEquals(reference.size(), queue.size());
    }
  }
}
