package weft.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;
import weft.transport.CongestionControl.Controller;

/** What a sender may do with a receiver's credit. */
class RcccTest {
  private final Controller sender =
      Rccc.defaults().open(new Connection(0, 0, 1, gbps(100), us(8), 1, bytes(4096)));

  @Test
  void aSenderBeginsWithOneProductOfCreditAtLineRate() {
    assertEquals(100_000, sender.windowBytes());
    assertEquals(100e9, sender.bitsPerSecond());
  }

  /** All sent and acknowledged and nothing granted: nothing may leave. */
  @Test
  void creditIsUsedUpByWhatItSendsNotByWhatIsUnderWay() {
    sender.onAcknowledgement(Ack.at(10).bytes(100_000).progress(100_000, 100_000));
    assertEquals(0, sender.windowBytes());
    sender.onCredit(11_000_000, 4096);
    assertEquals(4096, sender.windowBytes());
  }
}
