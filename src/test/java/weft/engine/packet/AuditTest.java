package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.ns;

import java.util.List;
import org.junit.jupiter.api.Test;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node;
import weft.routing.Ecmp;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;

/** The audit finds what it is there to find. */
class AuditTest {

  /** The same counters on a link of a tenth of the rate: no port can have sent that much. */
  @Test
  void aPortAboveItsRateIsFound() throws ReflectiveOperationException {
    var nodes = List.of(Node.gpu("a"), Node.gpu("b"));
    var fabric = Fabric.of("cable", nodes, List.of(new Link(0, 1, gbps(100), ns(10))));
    var engine =
        new PacketEngine(fabric, RoceV2.lossless(CongestionControl.none()), Ecmp.fiveTuple(), 1);
    engine.send(engine.connect(0, 1), 1_000_000, 0);
    engine.run();
    var field = PacketEngine.class.getDeclaredField("ports");
    field.setAccessible(true);
    ((Ports) field.get(engine)).rate[0] = gbps(10);
    String message = assertThrows(IllegalStateException.class, engine::verify).getMessage();
    assertTrue(message.startsWith("a>b sent"), message);
  }
}
