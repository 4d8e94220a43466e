package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.bytes;
import static weft.units.Units.kib;

import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import weft.cluster.Server;
import weft.engine.packet.QueuePairCounters.Status;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.routing.LoadBalancing;
import weft.routing.Spray;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;

/** Drops, reordering, going back, giving up. */
class LossTest {
  private static final RoceV2 LOSSY = RoceV2.lossy(CongestionControl.none()).timeout(4);
  private static final Fabric STAR = Sketch.of("abcdefgh --100G 200ns-- s");
  private static final Fabric LEAVES =
      Fabric.leafSpine()
          .servers(16, new Server("one", 1, Server.DGX_H100.accelerator(), Server.DGX_H100.nic()))
          .leafRadix(8)
          .build();

  private static PacketEngine incast(Fabric fabric, RoceV2 transport) {
    var engine = new PacketEngine(fabric, transport, Ecmp.fiveTuple(), 1);
    for (int s = 1; s < 8; s++) {
      int qp = engine.connect(s, 0);
      engine.send(qp, 300_000, 0);
      engine.send(qp, 200_000, 0);
    }
    engine.run();
    return engine;
  }

  private static long total(
      PacketEngine engine, java.util.function.ToLongFunction<QueuePairCounters> what) {
    long sum = 0;
    for (int qp = 0; qp < engine.queuePairs(); qp++) {
      sum += what.applyAsLong(engine.counters(qp));
    }
    return sum;
  }

  private static void assertAllDelivered(PacketEngine engine) {
    assertTrue(engine.stuck().isEmpty(), () -> String.join("\n", engine.stuck()));
    for (int m = 0; m < engine.messages(); m++) {
      assertTrue(engine.acknowledgedPs(m) >= engine.deliveredPs(m));
    }
  }

  /** verify(), which run() calls, counts every byte once and in order. */
  @Test
  void goingBackDeliversEverythingInSpiteOfDrops() {
    var engine = incast(STAR.buffer(kib(64)), LOSSY);
    assertAllDelivered(engine);
    assertTrue(engine.allPorts().stream().mapToLong(PortCounters::drops).sum() > 0);
    assertTrue(total(engine, QueuePairCounters::naks) > 0);
    assertTrue(total(engine, QueuePairCounters::retransmittedPackets) > 0);
  }

  @Test
  void directPlacementRecoversByTimeoutOnly() {
    var engine = incast(STAR.buffer(kib(64)), LOSSY.directDataPlacement());
    assertAllDelivered(engine);
    assertEquals(0, total(engine, QueuePairCounters::naks));
    assertTrue(total(engine, QueuePairCounters::timeouts) > 0);
  }

  @Test
  void withPauseFramesNothingIsLost() {
    var engine = incast(STAR.buffer(kib(512)), RoceV2.lossless(CongestionControl.none()));
    assertAllDelivered(engine);
    assertEquals(0, total(engine, QueuePairCounters::retransmittedPackets));
  }

  private static PacketEngine sprayed(RoceV2 transport, LoadBalancing balancing) {
    var engine = new PacketEngine(LEAVES, transport, balancing, 7);
    for (int gpu = 0; gpu < 16; gpu++) {
      engine.send(engine.connect(gpu, (gpu + 4) % 16), 1_000_000, 0);
    }
    engine.run();
    assertAllDelivered(engine);
    return engine;
  }

  @Test
  void sprayingReordersWhatAnInOrderReceiverRefuses() {
    var roce = RoceV2.lossless(CongestionControl.none());
    assertEquals(0, total(sprayed(roce, Ecmp.fiveTuple()), QueuePairCounters::naks));
    assertTrue(total(sprayed(roce, Spray.perPacket()), QueuePairCounters::naks) > 0);
  }

  @Test
  void directPlacementTakesSprayedPacketsAsTheyCome() {
    var engine =
        sprayed(RoceV2.lossless(CongestionControl.none()).directDataPlacement(), Spray.perPacket());
    assertEquals(0, total(engine, QueuePairCounters::naks));
    assertEquals(0, total(engine, QueuePairCounters::retransmittedPackets));
  }

  /**
   * A buffer smaller than a packet passes nothing: eight waits, the first of exactly 65.5 us, the
   * others of up to twice as long, then the error.
   */
  @Test
  void aQueuePairThatGetsNothingThroughGivesUp() {
    var engine = new PacketEngine(STAR.buffer(bytes(1000)), LOSSY, Ecmp.fiveTuple(), 1);
    int qp = engine.connect(0, 1);
    int message = engine.send(qp, 10_000, 0);
    engine.run();
    assertEquals(PacketEngine.NOT_YET, engine.deliveredPs(message));
    assertEquals(Status.RETRY_EXCEEDED, engine.status(qp));
    assertEquals(8, engine.counters(qp).timeouts());
    long least = 8 * LOSSY.timeout().ps();
    assertTrue(engine.now() > least && engine.now() < 2 * least, engine.now() + " ps");
    assertEquals(
        "message 0 (a > b, 10 kB): 0 of 3 packets received;"
            + " its queue pair gave up after 8 timeouts (IBV_WC_RETRY_EXC_ERR)",
        engine.stuck().get(0));
  }

  @Test
  void aBufferWithoutRoomForHeadroomIsRefused() {
    var lossless = RoceV2.lossless(CongestionControl.none());
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> new PacketEngine(STAR.buffer(kib(64)), lossless, Ecmp.fiveTuple(), 1));
    assertTrue(refusal.toString().contains("raise the fabric's buffer"), refusal.toString());
  }

  @Test
  void anInterruptStopsARun() {
    var engine =
        new PacketEngine(STAR, RoceV2.lossless(CongestionControl.none()), Ecmp.fiveTuple(), 1);
    engine.send(engine.connect(0, 1), 1_000_000_000, 0);
    Thread.currentThread().interrupt();
    assertThrows(CancellationException.class, engine::run);
  }
}
