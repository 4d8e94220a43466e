package weft.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.kb;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;

/** DCTCP's rules one at a time (RFC 8257, section 3.3): g 1/16, windows of 100 packets. */
class DctcpTest {
  private static final long MTU = 1000;
  private static final Connection CONNECTION =
      new Connection(0, 0, 1, gbps(80), us(10), 1, bytes(MTU));

  private final DctcpController sender = new DctcpController(Dctcp.defaults(), CONNECTION);
  private long acked;
  private long sent = 100 * MTU;

  private void window(int marked) {
    long end = sent;
    for (int i = 0; acked < end; i++) {
      acked += MTU;
      sent += MTU;
      sender.onAcknowledgement(Ack.at(0).bytes(MTU).progress(acked, sent).marked(i < marked));
    }
  }

  /** HPCC authors' run.py: 30 kB for 10 Gb/s. */
  @Test
  void thresholdsAreAStepOfThePublishedSize() {
    Red step = RoceV2.lossless(Dctcp.defaults()).marking();
    assertEquals(300_000, step.kmin(gbps(100)));
    assertEquals(step.kmin(gbps(100)), step.kmax(gbps(100)));
    assertEquals(1, step.pmax());
  }

  @Test
  void withoutMarksAWindowGrowsByAPacketInARoundTrip() {
    window(0);
    assertEquals(101_000, (double) sender.windowBytes(), 10);
  }

  /** α starts at 1, so the first mark halves; the window's other marks cut no more. */
  @Test
  void aWindowOfMarksCutsOnce() {
    window(50);
    double alpha = sender.alpha();
    assertEquals(50_000, (double) sender.windowBytes(), 1_000 + 2_000 * (1 - alpha));
  }

  @Test
  void alphaFollowsTheShareOfMarkedBytes() {
    window(0);
    window(0);
    double alpha = sender.alpha();
    window(0);
    assertEquals(alpha * 15 / 16, sender.alpha(), 1e-3);
    for (int i = 0; i < 200; i++) {
      window(25);
    }
    assertEquals(0.25, sender.alpha(), 0.01);
  }

  @Test
  void slowStartDoublesUntilTheFirstMark() {
    var tcp = new DctcpController(Dctcp.tcp(bytes(MTU)), CONNECTION);
    assertEquals(10 * MTU, tcp.windowBytes());
    for (int i = 1; i <= 10; i++) {
      tcp.onAcknowledgement(Ack.at(0).bytes(MTU).progress(i * MTU, 10 * MTU + i));
    }
    assertEquals(20 * MTU, tcp.windowBytes());
    tcp.onAcknowledgement(Ack.at(0).bytes(MTU).progress(11 * MTU, 30 * MTU).marked(true));
    assertEquals(20 * MTU * (1 - tcp.alpha() / 2), (double) tcp.windowBytes(), 1);
  }

  @Test
  void aTimeoutLeavesOnePacketAndALossHalf() {
    sender.onLoss(0);
    assertEquals(kb(50).bytes(), sender.windowBytes());
    sender.onTimeout(0);
    assertEquals(MTU, sender.windowBytes());
  }
}
