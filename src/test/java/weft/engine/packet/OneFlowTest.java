package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static weft.units.Units.ns;

import org.junit.jupiter.api.Test;
import weft.fabric.Fabric;
import weft.fabric.Forwarding;
import weft.routing.Ecmp;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;

/** One flow alone: every picosecond by hand. At 100 Gb/s a byte takes 80 ps. */
class OneFlowTest {
  private static final RoceV2 ROCE = RoceV2.lossless(CongestionControl.none());
  private static final long FULL = (4096 + RoceV2.OVERHEAD) * 80L;
  private static final long RETH = RoceV2.RETH * 80L;
  private static final long HEADERS = Forwarding.HEADERS.bytes() * 80;
  private static final long ACK = RoceV2.ACK_WIRE * 80L;

  private static PacketEngine engine(Fabric fabric) {
    return new PacketEngine(fabric, ROCE, Ecmp.fiveTuple(), 1);
  }

  @Test
  void onePacketOverOneCable() {
    var engine = engine(Sketch.of("a --100G 1000ns-- b"));
    int message = engine.send(engine.connect(0, 1), 4096, 0);
    engine.run();
    assertEquals(0, engine.startedPs(message));
    assertEquals(FULL + RETH + 1_000_000, engine.deliveredPs(message));
    assertEquals(FULL + RETH + ACK + 2_000_000, engine.acknowledgedPs(message));
    assertEquals(2, engine.packetHops());
  }

  @Test
  void theLastPacketIsAsLongAsWhatIsLeft() {
    var engine = engine(Sketch.of("a --100G 1000ns-- b"));
    int message = engine.send(engine.connect(0, 1), 2 * 4096 + 100, 5_000);
    engine.run();
    long last = (100 + RoceV2.OVERHEAD) * 80L;
    assertEquals(5_000, engine.startedPs(message));
    assertEquals(5_000 + RETH + 2 * FULL + last + 1_000_000, engine.deliveredPs(message));
  }

  /** The first packet is the longest, so those behind it wait for it at every hop. */
  @Test
  void eachSwitchAddsOnePacketItsLatencyAndACable() {
    var fabric =
        Sketch.of(
                """
                a --100G 1000ns-- s
                s --100G 200ns-- t
                t --100G 300ns-- b
                """)
            .switchLatency(ns(500));
    var engine = engine(fabric);
    long packets = 10;
    int message = engine.send(engine.connect(0, 1), packets * 4096, 0);
    engine.run();
    long cables = 1_500_000;
    long switches = 2 * 500_000;
    assertEquals((packets + 2) * FULL + 3 * RETH + cables + switches, engine.deliveredPs(message));
    assertEquals(
        engine.deliveredPs(message) + 3 * ACK + cables + switches, engine.acknowledgedPs(message));
  }

  /** A packet of w bytes over k cables: w / r + (k - 1) h / r, cables and latencies. */
  @Test
  void aSwitchThatCutsThroughAddsOnlyItsHeaders() {
    var fabric =
        Sketch.of(
                """
                a --100G 1000ns-- s
                s --100G 200ns-- t
                t --100G 300ns-- b
                """)
            .switchLatency(ns(500))
            .cutThrough();
    var engine = engine(fabric);
    long packets = 10;
    int message = engine.send(engine.connect(0, 1), packets * 4096, 0);
    engine.run();
    long fixed = 1_500_000 + 2 * 500_000;
    assertEquals(packets * FULL + RETH + 2 * HEADERS + fixed, engine.deliveredPs(message));
    assertEquals(
        engine.deliveredPs(message) + ACK + 2 * HEADERS + fixed, engine.acknowledgedPs(message));
  }

  /** At 400 Gb/s a byte takes 20 ps: what s forwards may not overtake what still comes in. */
  @Test
  void onlyWhatComesInAsFastAsItLeavesIsCutThrough() {
    var fabric =
        Sketch.of(
                """
                a --100G 1000ns-- s
                s --400G 1000ns-- t
                t --100G 1000ns-- b
                """)
            .switchLatency(ns(500))
            .cutThrough();
    var engine = engine(fabric);
    int message = engine.send(engine.connect(0, 1), 4096, 0);
    engine.run();
    long slow = FULL + RETH;
    assertEquals(2 * slow + HEADERS / 4 + 4_000_000, engine.deliveredPs(message));
  }
}
