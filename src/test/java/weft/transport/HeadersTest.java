package weft.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.bytes;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tech.tablesaw.api.Table;
import weft.capture.Bth;
import weft.capture.Ethernet;
import weft.capture.Frame;
import weft.capture.Grh;
import weft.capture.Ipv4;
import weft.capture.Ipv6;
import weft.capture.Opcode;
import weft.capture.Station;
import weft.capture.Udp;
import weft.capture.UetPds;
import weft.capture.UetSes;

/** Headers as transports tell them, against frames with all their bytes and published sums. */
class HeadersTest {
  private static final Station A = Station.gpu(0, 0);
  private static final Station B = Station.gpu(1, 0);
  private static final Bth MIDDLE = Bth.of(Opcode.RC_RDMA_WRITE_MIDDLE, 17);
  private static final RoceV2 ROCE = RoceV2.lossless(CongestionControl.none());

  static Stream<Transport> transports() {
    return Stream.of(
        ROCE,
        ROCE.framing(RoceV2.IPV6),
        RoceV1.lossless(),
        InfiniBand.defaults(),
        InfiniBand.defaults().framing(InfiniBand.GLOBAL),
        Uet.defaults(),
        Tcp.cubic(),
        ROCE.framing(Framing.of(bytes(64), bytes(64))));
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theyAreAsManyBytesAsAPacketCosts(Transport transport) {
    assertEquals(transport.framing().data(), transport.headers().bytes());
    int layers = 0;
    for (Headers.Layer layer : Headers.Layer.values()) {
      layers += transport.headers().bytes(layer);
    }
    assertEquals(layers, transport.headers().bytes());
  }

  private static void sameAs(Frame frame, Transport transport) {
    Frame full = frame.carrying(new byte[4096]);
    assertEquals(full.wireBytes() - 4096, transport.headers().bytes(), full::toString);
  }

  @Test
  void theyAreThoseOfFramesOnTheWire() {
    Ethernet link = Ethernet.between(A, B);
    sameAs(Frame.of(link, Ipv4.between(A, B), Udp.roce(50_000), MIDDLE), ROCE);
    sameAs(Frame.of(link, Ipv6.between(A, B), Udp.roce(50_000), MIDDLE), ROCE.framing(RoceV2.IPV6));
    sameAs(Frame.of(link, Grh.between(A, B), MIDDLE), RoceV1.lossless());
    UetPds pds = UetPds.request(UetPds.Kind.UNORDERED_REQUEST, 1, 2, 3);
    UetSes ses = new UetSes(false, false, 1, 1, 0, 0, 0, 4096, 4096, 1 << 20);
    sameAs(Frame.of(link, Ipv4.between(A, B), Udp.uet(50_000), pds, ses), Uet.defaults());
  }

  /** Sums of IBTA and IEEE 802.3 sizes, as pingdo.net's overhead page adds them up for RoCEv2. */
  @Test
  void theirSumsAreThePublishedOnes() {
    Table table =
        Headers.compare(
            ROCE,
            ROCE.framing(RoceV2.IPV6),
            RoceV1.lossless(),
            InfiniBand.defaults(),
            InfiniBand.defaults().framing(InfiniBand.GLOBAL));
    assertEquals(List.of(82, 102, 94, 26, 66), table.intColumn("together (B)").asList());
    assertEquals(98.0373, table.doubleColumn("goodput (%)").get(0), 1e-4);
    assertEquals("Ethernet switches, no router", table.stringColumn("forwarded by").get(2));
  }

  @Test
  void aHeaderTellsWhoReadsItAndWhatFor() {
    Table table = ROCE.headers().table();
    assertTrue(table.name().contains("82 B"), table.name());
    assertEquals(
        List.of("preamble", "Ethernet", "IPv4", "UDP", "BTH", "ICRC", "FCS", "inter-frame gap"),
        table.stringColumn("header").asList());
  }
}
