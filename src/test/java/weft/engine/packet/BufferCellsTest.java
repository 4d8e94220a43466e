package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.bytes;
import static weft.units.Units.kib;
import static weft.units.Units.mib;
import static weft.units.Units.ns;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;
import weft.transport.Transport;

/** A buffer handed out in cells holds fewer small packets. */
class BufferCellsTest {
  private static final int PAYLOAD = 100;
  private static final int WIRE = PAYLOAD + RoceV2.OVERHEAD + RoceV2.RETH;

  private static final Fabric STAR =
      Sketch.of(
              """
              abc --100G 1000ns-- s
              d --10G 1000ns-- s
              """)
          .switchLatency(ns(0));

  /** Three senders of small packets, each a message of its own, to one slower receiver. */
  private static PacketEngine incast(Fabric fabric, Transport transport) {
    var engine = new PacketEngine(fabric, transport, Ecmp.fiveTuple(), 1);
    for (int sender = 0; sender < 3; sender++) {
      int qp = engine.connect(sender, 3);
      for (int i = 0; i < 500; i++) {
        engine.send(qp, PAYLOAD, 0);
      }
    }
    engine.runUntil(5_000_000);
    engine.verify();
    engine.run();
    assertEquals(List.of(), engine.stuck());
    return engine;
  }

  private static PortCounters towardsReceiver(PacketEngine engine) {
    return engine.allPorts().stream().filter(p -> p.name().equals("s>d")).findFirst().orElseThrow();
  }

  /**
   * The one queue may hold as much as is free besides, so of n packets waiting the last came in
   * when (2 n - 1) times its room fitted into the buffer.
   */
  @ParameterizedTest(name = "cells of {0} B: a packet takes {1} B")
  @CsvSource({"1, 198", "100, 200", "208, 208", "256, 256"})
  void aQueueHoldsAsManyPacketsAsTheirCellsAllow(int cell, long room) {
    assertEquals(198, WIRE);
    var transport = RoceV2.lossy(CongestionControl.none()).selectiveRepeat();
    var engine = incast(STAR.buffer(kib(32)).bufferCell(bytes(cell)), transport);
    long fit = (kib(32).bytes() / room - 1) / 2 + 1;
    assertEquals(fit * WIRE, towardsReceiver(engine).maxQueueBytes());
  }

  /** Headroom is reserved for the packets that waste most, so none is dropped. */
  @Test
  void headroomHoldsWhateverSmallPacketsWaste() {
    var transport = RoceV2.lossless(CongestionControl.none());
    var engine = incast(STAR.buffer(kib(640)).bufferCell(bytes(256)), transport);
    assertEquals(0, towardsReceiver(engine).drops());
    assertTrue(engine.allPorts().stream().anyMatch(p -> p.pausesSent() > 0), "nobody was paused");
  }

  @Test
  void cellsMakeHeadroomDearer() {
    var transport = RoceV2.lossless(CongestionControl.none());
    new PacketEngine(STAR.buffer(kib(200)), transport, Ecmp.fiveTuple(), 1).run();
    Fabric wasteful = STAR.buffer(kib(200)).bufferCell(bytes(256));
    String refusal =
        assertThrows(
                IllegalArgumentException.class,
                () -> new PacketEngine(wasteful, transport, Ecmp.fiveTuple(), 1))
            .getMessage();
    assertTrue(refusal.contains("raise the fabric's buffer"), refusal);
    new PacketEngine(wasteful.buffer(mib(1)), transport, Ecmp.fiveTuple(), 1).run();
  }
}
