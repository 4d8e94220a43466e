package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.commons.math3.random.RandomDataGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weft.sim.RandomStreams;

/** The recurrence of rings against its definition, round by round. */
class RingRecurrenceTest {
  /** A rank sends when it has sent, and has received what its neighbour sent in the last round. */
  private static long defined(long[] service, long[] latency, int rounds) {
    int ranks = service.length;
    long[][] end = new long[rounds][ranks];
    long last = 0;
    for (int s = 0; s < rounds; s++) {
      for (int r = 0; r < ranks; r++) {
        int from = (r + ranks - 1) % ranks;
        long start = s == 0 ? 0 : Math.max(end[s - 1][r], end[s - 1][from] + latency[from]);
        end[s][r] = start + service[r];
        last = Math.max(last, end[s][r] + latency[r]);
      }
    }
    return last;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void randomRings(long seed) {
    var random = new RandomDataGenerator(new RandomStreams(seed).named("rings"));
    for (int i = 0; i < 200; i++) {
      int ranks = random.nextInt(2, 9);
      int rounds = random.nextInt(1, 30);
      int spread = i % 2 == 0 ? 1 : 100; // even services, which no rank waits for, or uneven
      long[] service = new long[ranks];
      long[] latency = new long[ranks];
      for (int r = 0; r < ranks; r++) {
        service[r] = 50L + random.nextInt(0, spread);
        latency[r] = random.nextInt(1, 40);
      }
      assertEquals(
          defined(service, latency, rounds),
          RingRecurrence.completion(service, latency, rounds),
          "seed " + seed + ", ring " + i);
    }
  }
}
