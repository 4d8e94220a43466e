package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.kb;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weft.sim.RandomStreams;
import weft.transport.Red;
import weft.transport.RoceV2;

/** Marks against RED's profile: Kmin 100 kB, Kmax 400 kB, Pmax 0.2. */
class MarkingTest {
  private final Ports ports;
  private final Marking marking;

  MarkingTest() {
    var fabric = Sketch.of("ab --100G 1000ns-- s");
    var red = Red.of(kb(100), kb(400), 0.2);
    ports = new Ports(fabric, RoceV2.PAUSE_WIRE, 1);
    var limits = new CableLimits(fabric, 4194, ports);
    marking = new Marking(fabric, red, limits, ports, new RandomStreams(5));
  }

  @ParameterizedTest(name = "{0} B: {1}")
  @CsvSource({"130000, 0.02", "250000, 0.1", "370000, 0.18", "400000, 0.2"})
  void theShareOfMarksFollowsTheQueue(long queue, double probability) {
    int draws = 100_000;
    long marks = IntStream.range(0, draws).filter(i -> marking.marks(ports.at[1], queue)).count();
    double deviation = Math.sqrt(probability * (1 - probability) / draws);
    assertEquals(probability, (double) marks / draws, 4 * deviation);
  }

  @Test
  void belowKminNeverAboveKmaxAlways() {
    for (int i = 0; i < 1000; i++) {
      assertFalse(marking.marks(ports.at[1], 100_000));
      assertTrue(marking.marks(ports.at[1], 400_001));
    }
  }

  @Test
  void aNicDoesNotMark() {
    assertFalse(marking.marks(ports.at[0], 1_000_000));
  }
}
