package weft.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static weft.units.Units.gbps;
import static weft.units.Units.kib;
import static weft.units.Units.ns;
import static weft.units.Units.us;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinkTest {
  private final Link link = new Link(0, 1, gbps(100), us(1));

  /** 5 ns a metre, hardware.csv FIBRE.delay. */
  @Test
  void aMicrosecondOfFibreIs200Metres() {
    assertEquals(200, link.metres());
  }

  @Test
  void thresholdsAreGivenInBytesOrPackets() {
    var limited =
        link.marking(QueueLength.of(kib(100)), QueueLength.of(kib(400)))
            .pausing(QueueLength.packets(50), QueueLength.packets(48))
            .queue(QueueLength.packets(200));
    assertEquals(102_400, limited.limits().markFrom().orElseThrow().bytes(4158));
    assertEquals(50 * 4158, limited.limits().pauseAt().orElseThrow().bytes(4158));
    assertEquals(
        "marks from 100 KiB, marks all above 400 KiB, pauses above 50 packets,"
            + " resumes at 48 packets, queue at most 200 packets",
        limited.limits().toString());
    assertEquals(PortLimits.NONE, link.limits());
  }

  @Test
  void thresholdsInTheWrongOrderAreRefused() {
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> link.pausing(QueueLength.packets(5), QueueLength.packets(9)));
    assertEquals(
        "a pause ends at a queue no longer than the one where it begins, but at 9 packets and 5"
            + " packets: give the shorter first",
        refusal.getMessage());
  }

  @Test
  void provenanceNamesWhatDiffers() {
    var fabric =
        Fabric.of(
            "pair",
            List.of(Node.gpu("a"), Node.leaf("s").withLatency(ns(100)), Node.gpu("b")),
            List.of(link.queue(QueueLength.packets(9)), new Link(1, 2, gbps(100), us(1))));
    assertEquals(
        "1 GPU-leaf at 100 Gb/s, 1 us; 1 GPU-leaf at 100 Gb/s, 1 us, queue at most 9 packets",
        fabric.facts().get("cables"));
    assertEquals("1 with 100 ns of latency", fabric.facts().get("switches of their own kind"));
  }
}
