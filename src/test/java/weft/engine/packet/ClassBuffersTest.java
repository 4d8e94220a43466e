package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.kib;
import static weft.units.Units.mib;
import static weft.units.Units.ns;
import static weft.units.Units.us;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.transport.CongestionControl;
import weft.transport.Pfc;
import weft.transport.RoceV2;
import weft.transport.Scheduling;
import weft.transport.Transport;

/** What each traffic class may take of a switch's buffer. */
class ClassBuffersTest {
  private static final Transport ROCE = RoceV2.lossless(CongestionControl.none()).timeout(14);
  private static final Fabric STAR = Sketch.of("abc --100G 1000ns-- s").buffer(mib(4));
  private static final Scheduling STRICT = Scheduling.strict("training", "storage");

  private static PacketEngine engine(Transport transport, Scheduling scheduling) {
    return new PacketEngine(STAR, transport, Ecmp.fiveTuple(), scheduling, 1);
  }

  private static void run(PacketEngine engine) {
    engine.run();
    assertEquals(List.of(), engine.stuck());
  }

  /**
   * Choudhury and Hahne: one input stops at {@code alpha B / (1 + alpha)}, B being what headroom
   * leaves; what is still under way goes to headroom.
   */
  @ParameterizedTest
  @ValueSource(doubles = {1.0 / 64, 1.0 / 16})
  void aClassIsPausedAtItsOwnAlpha(double alpha) {
    Fabric narrow = Sketch.of("a --100G 1000ns-- s\nb --10G 1000ns-- s").buffer(mib(4));
    long headroom =
        Pfc.headroom(gbps(100), ns(1250), 4194) + Pfc.headroom(gbps(10), ns(1250), 4194);
    long shared = mib(4).bytes() - 2 * headroom;
    long stops = (long) (alpha / (1 + alpha) * shared);
    var engine =
        new PacketEngine(narrow, ROCE, Ecmp.fiveTuple(), STRICT.alpha("storage", alpha), 1);
    engine.send(engine.connect(0, 1, 1), 2_000_000, 0);
    run(engine);
    long longest =
        engine.allPorts().stream().mapToLong(PortCounters::maxQueueBytes).max().orElse(0);
    assertTrue(longest >= stops - 4194, longest + " B, but stops at " + stops);
    assertTrue(longest <= stops + headroom, longest + " B, but stops at " + stops);
  }

  /** Storage has filled what it may; training's packets find the room that was kept for them. */
  @Test
  void whatIsReservedForAClassIsThereWhenAllElseIsTaken() {
    Transport lossy = RoceV2.lossy(CongestionControl.none()).selectiveRepeat();
    Scheduling greedy = Scheduling.strict("storage", "training").alpha("storage", 1e6);
    long[] drops = new long[2];
    for (int kept = 0; kept < 2; kept++) {
      Scheduling classes = kept == 0 ? greedy : greedy.reserving("training", kib(128));
      var engine = new PacketEngine(STAR.buffer(mib(1)), lossy, Ecmp.fiveTuple(), classes, 1);
      engine.send(engine.connect(0, 2, 0), 8_000_000, 0);
      engine.send(engine.connect(1, 2, 0), 8_000_000, 0);
      engine.send(engine.connect(1, 2, 1), 100_000, us(200).ps());
      run(engine);
      drops[kept] =
          engine.allClasses().stream()
              .filter(c -> c.trafficClass() == 1)
              .mapToLong(ClassCounters::drops)
              .sum();
    }
    assertTrue(drops[0] > 0, "training lost nothing without room of its own");
    assertEquals(0, drops[1]);
  }

  @Test
  void whatCannotBeReservedIsRefused() {
    Scheduling all = STRICT.reserving("storage", mib(2));
    for (Transport transport : List.of(ROCE, RoceV2.lossy(CongestionControl.none()))) {
      String told =
          assertThrows(IllegalArgumentException.class, () -> engine(transport, all)).getMessage();
      assertTrue(told.contains("raise the fabric's buffer"), told);
    }
    assertThrows(IllegalArgumentException.class, () -> STRICT.alpha("storage", 0));
    assertThrows(IllegalArgumentException.class, () -> STRICT.alpha("backup", 1));
    assertEquals(
        "strict: training before storage; storage, alpha 0.015625, 2 MiB reserved",
        all.alpha("storage", 1.0 / 64).toString());
  }
}
