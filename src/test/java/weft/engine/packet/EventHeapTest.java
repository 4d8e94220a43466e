package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.PriorityQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weft.sim.RandomStreams;

/** Against the library's priority queue. */
class EventHeapTest {
  private record Event(long time, int id) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return time != other.time ? Long.compare(time, other.time) : Integer.compare(id, other.id);
    }
  }

  /** Few times and ids, so that many are equal; hours ahead, so that differences pass 32 bits. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void eventsLeaveByTimeAndThenById(long seed) {
    var random = new RandomStreams(seed).named("test");
    var heap = new EventHeap();
    var reference = new PriorityQueue<Event>();
    for (int i = 0; i < 20_000; i++) {
      var event = new Event(random.nextInt(50) * 1_000_000_000_000L, random.nextInt(20));
      int action = random.nextInt(5);
      if (action < 2 || reference.isEmpty()) {
        heap.add(event.time(), event.id());
        reference.add(event);
      } else if (action == 2) {
        heap.replaceFirst(event.time(), event.id());
        reference.remove();
        reference.add(event);
      } else {
        heap.removeFirst();
        reference.remove();
      }
      assertEquals(reference.size(), heap.size());
      assertEquals(
          reference.isEmpty() ? Long.MAX_VALUE : reference.peek().time(), heap.firstTime());
      if (!reference.isEmpty()) {
        assertEquals(reference.peek().id(), heap.firstId());
      }
    }
  }
}
