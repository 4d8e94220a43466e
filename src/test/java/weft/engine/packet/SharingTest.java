package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.kib;
import static weft.units.Units.ns;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weft.routing.Ecmp;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.RoceV2;

/** Flows that meet at a port. */
class SharingTest {
  private static final RoceV2 PAUSES_ONLY = RoceV2.lossless(CongestionControl.none());
  private static final long FULL = (4096 + RoceV2.OVERHEAD) * 80L;
  private static final long RETH = RoceV2.RETH * 80L;

  /** The first sends two packets before the second has its say. */
  @Test
  void twoQueuePairsOfOneNicTakeTurns() {
    var engine =
        new PacketEngine(Sketch.of("a --100G 1000ns-- b"), PAUSES_ONLY, Ecmp.fiveTuple(), 1);
    int one = engine.send(engine.connect(0, 1), 100 * 4096, 0);
    int two = engine.send(engine.connect(0, 1), 100 * 4096, 0);
    engine.run();
    assertEquals(198 * FULL + 2 * RETH + 1_000_000, engine.deliveredPs(one));
    assertEquals(200 * FULL + 2 * RETH + 1_000_000, engine.deliveredPs(two));
  }

  @Test
  void twoSendersShareALinkHalfAndHalf() {
    var fabric =
        Sketch.of(
            """
            ab --100G 1000ns-- s
            s --100G 1000ns-- c
            """);
    var engine = new PacketEngine(fabric, PAUSES_ONLY, Ecmp.fiveTuple(), 1);
    int one = engine.send(engine.connect(0, 2), 1_000_000, 0);
    int two = engine.send(engine.connect(1, 2), 1_000_000, 0);
    engine.run();
    assertEquals((double) engine.deliveredPs(one), (double) engine.deliveredPs(two), (double) FULL);
    assertEquals(
        166e6, (double) engine.deliveredPs(two), 1e6); // 2 x 1.02 MB of wire at 80 ps, and cables
  }

  /**
   * The receiver's link never rests: its time is that of all packets, after the first one's way.
   */
  @ParameterizedTest(name = "{0} senders")
  @ValueSource(ints = {2, 5, 10})
  void anIncastDrainsInTheTimeOfItsBytes(int senders) {
    var fabric = Sketch.of("abcdefghijk --100G 200ns-- s").buffer(kib(1024));
    var engine = new PacketEngine(fabric, PAUSES_ONLY, Ecmp.fiveTuple(), 1);
    long packets = 500;
    long[] last = new long[1];
    engine.onDelivery((message, time) -> last[0] = time);
    for (int s = 0; s < senders; s++) {
      engine.send(engine.connect(s, 10), packets * 4096, 0);
    }
    engine.run();
    long first = FULL + RETH + ns(200).ps() + ns(500).ps();
    assertEquals(first + senders * (packets * FULL + RETH) + ns(200).ps(), last[0]);
    assertTrue(engine.allPorts().stream().allMatch(p -> p.drops() == 0));
    assertTrue(engine.port(0).pausesReceived() > 0, "2 MB each do not fit in 1 MiB unpaused");
    assertTrue(engine.port(0).pausedPs() > 0);
    assertEquals(
        engine.allPorts().stream().mapToLong(PortCounters::pausesSent).sum(),
        engine.allPorts().stream().mapToLong(PortCounters::pausesReceived).sum());
  }

  /** A paused sender holds up what shares its port, even for an idle receiver. */
  @Test
  void pauseBlocksTheHeadOfTheLine() {
    var fabric =
        Sketch.of(
                """
                abcdef --100G 100ns-- s
                s --100G 100ns-- t
                gh --100G 100ns-- t
                """)
            .buffer(kib(1024));
    var engine = new PacketEngine(fabric, PAUSES_ONLY, Ecmp.fiveTuple(), 1);
    var alone = new PacketEngine(fabric, PAUSES_ONLY, Ecmp.fiveTuple(), 1);
    for (int s = 1; s < 6; s++) {
      engine.send(engine.connect(s, 6), 4_000_000, 0);
    }
    engine.send(engine.connect(7, 6), 4_000_000, 0);
    int victim = engine.send(engine.connect(0, 7), 1_000_000, 300_000_000);
    int free = alone.send(alone.connect(0, 7), 1_000_000, 300_000_000);
    engine.run();
    alone.run();
    assertTrue(engine.deliveredPs(victim) > alone.deliveredPs(free) + 100_000_000);
  }

  @Test
  void dcqcnBringsTwoFlowsToTheFairShare() {
    var fabric = Sketch.of("abc --100G 500ns-- s");
    var engine = new PacketEngine(fabric, RoceV2.lossless(Dcqcn.defaults()), Ecmp.fiveTuple(), 3);
    int one = engine.send(engine.connect(0, 2), 100_000_000, 0);
    int two = engine.send(engine.connect(1, 2), 100_000_000, 2_000_000_000);
    engine.run();
    double share =
        (double) (engine.deliveredPs(one) - engine.startedPs(one))
            / (engine.deliveredPs(two) - engine.startedPs(two));
    assertEquals(1, share, 0.2);
    assertTrue(engine.counters(0).cnps() > 0);
    assertEquals(0, engine.port(0).pausesReceived(), "DCQCN keeps the queue below the pause");
  }
}
