package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.transport.CongestionControl;
import weft.transport.Connection;
import weft.transport.RoceV2;

/** A congestion control that a reader writes, at work in the engine. */
class CustomCongestionControlTest {
  private final Fabric fabric =
      Sketch.of(
          """
          ab --100G 1000ns-- s
          s --200G 2000ns-- t
          cd --100G 1000ns-- t
          """);

  private PacketEngine engine(CongestionControl control) {
    return new PacketEngine(fabric, RoceV2.lossless(control), Ecmp.fiveTuple(), 1);
  }

  /** The RETH of the first packet of a message is not part of a full packet. */
  @Test
  void theBaseRoundTripIsWhatAFullPacketTakesOnAnIdleNetwork() {
    List<Connection> opened = new ArrayList<>();
    CongestionControl listening =
        connection -> {
          opened.add(connection);
          return () -> 1e12;
        };
    var engine = engine(listening);
    int message = engine.send(engine.connect(0, 2), 4096, 0);
    engine.run();
    Connection connection = opened.get(0);
    long reth = 2 * gbps(100).psFor(RoceV2.RETH) + gbps(200).psFor(RoceV2.RETH);
    assertEquals(engine.acknowledgedPs(message), connection.baseRtt().ps() + reth);
    assertEquals(2, connection.hops());
    assertEquals(gbps(100), connection.nic());
    assertEquals(2, connection.destination());
  }

  @Test
  void aSenderKeepsToItsControllersPace() {
    var engine = engine(connection -> () -> 10e9);
    int message = engine.send(engine.connect(0, 2), 40_960_000, 0);
    engine.run();
    long packets = 40_960_000 / 4096;
    long wire = 4096 + RoceV2.OVERHEAD;
    double seconds = engine.deliveredPs(message) / 1e12;
    assertEquals(packets * wire * 8 / 10e9, seconds, 1e-5);
  }

  @Test
  void aPaceOfNothingIsRefusedByName() {
    var engine = engine(connection -> () -> 0);
    engine.send(engine.connect(0, 2), 4096, 0);
    String message = assertThrows(IllegalStateException.class, engine::run).getMessage();
    assertTrue(message.startsWith("a controller's bitsPerSecond() must be at least 1000"), message);
  }
}
