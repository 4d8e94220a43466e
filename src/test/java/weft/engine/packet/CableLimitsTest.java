package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.us;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weft.engine.packet.DroppedPacket.Reason;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.transport.CongestionControl;
import weft.transport.InfiniBand;
import weft.transport.Pfc;
import weft.transport.RoceV2;
import weft.transport.Transport;
import weft.transport.Uet;

/** Thresholds drawn on single cables, in bytes or in packets of 4194 B, in place of the run's. */
class CableLimitsTest {
  private static final int LARGEST = 4096 + RoceV2.OVERHEAD + RoceV2.RETH;
  private static final int PACKETS = 400; // of each of two senders
  private static final RoceV2 LOSSLESS = RoceV2.lossless(CongestionControl.none());
  private static final RoceV2 LOSSY = RoceV2.lossy(CongestionControl.none()).selectiveRepeat();

  /** Two senders at the rate of their common receiver's cable: a queue grows to PACKETS. */
  private static PacketEngine incast(Transport transport, String limits) {
    return incast(transport, "", limits);
  }

  private static PacketEngine incast(Transport transport, String senders, String receiver) {
    Fabric fabric =
        Fabric.drawn(
            """
            gpu0, gpu1 --100G 1us %s-- s
            s --100G 1us %s-- gpu2
            latency 0ns
            """
                .formatted(senders, receiver));
    var engine = new PacketEngine(fabric, transport, Ecmp.fiveTuple(), 1);
    engine.keepDrops(10);
    for (int sender = 0; sender < 2; sender++) {
      engine.send(engine.connect(sender, 2), PACKETS * 4096L, 0);
    }
    engine.run();
    assertEquals(List.of(), engine.stuck());
    return engine;
  }

  private static PortCounters port(PacketEngine engine, String name) {
    return engine.allPorts().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  /** Every second arrival leaves one more behind, so all but twice the threshold leave more. */
  @ParameterizedTest
  @CsvSource({"20p, 20", "100p, 100", "83880B, 20"})
  void packetsThatLeaveMoreThanItsThresholdBehindAreMarked(String length, int packets) {
    var engine = incast(LOSSLESS, "mark %s-%s".formatted(length, length));
    assertEquals(2.0 * (PACKETS - packets), (double) port(engine, "s>gpu2").marks(), 4);
  }

  /** What is on its way when the pause is sent still comes. */
  @Test
  void anInputIsPausedAtItsCablesThreshold() {
    assertEquals(0, port(incast(LOSSLESS, ""), "gpu0>s").pausesReceived());
    var engine = incast(LOSSLESS, "pause 50p-48p", "");
    long pauses = port(engine, "gpu0>s").pausesReceived();
    assertTrue(pauses > 1, pauses + " pauses");
    long longest = port(engine, "s>gpu2").maxQueueBytes();
    long most = 2 * (50L * LARGEST + Pfc.headroom(gbps(100), us(1), LARGEST));
    assertTrue(longest > 99L * 4178 && longest < most, longest + " B of " + most);
  }

  /** The lower the second threshold, the longer a pause. */
  @Test
  void aSenderGoesOnAtTheLowerThreshold() {
    var near = port(incast(LOSSLESS, "pause 50p-48p", ""), "gpu0>s");
    var far = port(incast(LOSSLESS, "pause 50p-5p", ""), "gpu0>s");
    long nearEach = near.pausedPs() / near.pausesReceived();
    long farEach = far.pausedPs() / far.pausesReceived();
    long drained = 2 * 43 * LARGEST * 80L; // 43 packets less of each of two inputs, at 100 Gb/s
    assertEquals((double) drained, (double) (farEach - nearEach), 0.1 * drained);
  }

  @Test
  void aQueueDropsAboveItsLongest() {
    for (RoceV2 transport : List.of(LOSSY, LOSSLESS.selectiveRepeat())) {
      var engine = incast(transport, "queue 30p");
      var port = port(engine, "s>gpu2");
      assertTrue(port.drops() > 0, "nothing was dropped");
      assertTrue(port.maxQueueBytes() > 29L * LARGEST, port.maxQueueBytes() + " B");
      assertTrue(port.maxQueueBytes() <= 30L * LARGEST, port.maxQueueBytes() + " B");
      assertEquals(Reason.QUEUE_FULL, engine.drops().get(0).reason());
    }
  }

  @Test
  void aQueueTrimsAboveItsLongest() {
    var port = port(incast(Uet.defaults(), "queue 30p"), "s>gpu2");
    assertTrue(port.trims() > 0, "nothing was trimmed");
    assertEquals(0, port.drops());
  }

  @Test
  void creditsNeedNoThresholds() {
    var bare = incast(InfiniBand.defaults(), "");
    var drawn = incast(InfiniBand.defaults(), "pause 3p-2p queue 3p");
    assertEquals(bare.now(), drawn.now());
    assertEquals(0, port(drawn, "s>gpu2").drops());
  }

  @Test
  void unitsAreComparedOnceThePacketIsKnown() {
    String told =
        assertThrows(IllegalArgumentException.class, () -> incast(LOSSLESS, "pause 10p-100kB", ""))
            .getMessage();
    assertTrue(told.contains("pauses above 41,940 B, but resumes at 100,000 B"), told);
  }
}
