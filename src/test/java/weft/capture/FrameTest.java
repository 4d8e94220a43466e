package weft.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers against layouts worked out by hand, and frames against the sizes the field quotes. */
class FrameTest {
  private static String hexOf(Frame frame, int from, int to) {
    return HexFormat.of().formatHex(frame.toBytes(), from, to);
  }

  /** 8 + 14 + 20 + 8 + 12 + 4 + 4 + 12. */
  @Test
  void aMiddlePacketOfRoceV2Takes82BytesMoreThanItsPayload() {
    Frame middle = Frames.rocev2(Bth.of(Opcode.RC_RDMA_WRITE_MIDDLE, 17)).carrying(new byte[4096]);
    assertEquals(4096 + 82, middle.wireBytes());
    Frame first =
        Frames.rocev2(Bth.of(Opcode.RC_RDMA_WRITE_FIRST, 17), new Reth(0, 1, 8192))
            .carrying(new byte[4096]);
    assertEquals(4096 + 82 + 16, first.wireBytes());
  }

  @ParameterizedTest
  @CsvSource({"IPV4, 82", "IPV4_WITH_VLAN, 86", "IPV6, 102", "ROCE_V1, 94"})
  void everyNetworkHasItsOverhead(Networks network, int overhead) {
    Frame middle =
        Frames.over(network.headers(), Bth.of(Opcode.RC_SEND_MIDDLE, 17)).carrying(new byte[1024]);
    assertEquals(1024 + overhead, middle.wireBytes());
  }

  @Test
  void anAcknowledgementIsAFrameOf66Bytes() {
    Frame ack = Frames.rocev2(Bth.of(Opcode.RC_ACKNOWLEDGE, 17), new Aeth(Aeth.ACK, 1));
    assertEquals(66, ack.bytes() + Frame.CHECK_SEQUENCE);
    assertEquals(86, ack.wireBytes());
  }

  @Test
  void aCongestionNotificationIsAFrameOf78Bytes() {
    Frame cnp = Frames.rocev2(Bth.of(Opcode.CNP, 17), new CnpReserved());
    assertEquals(78, cnp.bytes() + Frame.CHECK_SEQUENCE);
    assertEquals(32, cnp.bytes() - 14 - 20 - 8, "UDP payload");
  }

  @Test
  void aPauseFrameHas64BytesAndGoesToTheAddressThatNoBridgePassesOn() {
    Frame pause = PriorityPause.of(3, 0xFFFF).from(Station.switchPort(5, 2));
    assertEquals(64, pause.bytes() + Frame.CHECK_SEQUENCE);
    assertEquals(
        "0180c2000001"
            + "060000050002"
            + "8808"
            + "0101"
            + "0008"
            + "000000000000ffff"
            + "0000000000000000",
        hexOf(pause, 0, 34));
    assertArrayEquals(new byte[26], Arrays.copyOfRange(pause.toBytes(), 34, 60), "padding");
  }

  @Test
  void theIpv4HeaderIsTheOneOfTheChecksumsClassicExample() {
    var header = new Ipv4(Ip.v4(10, 0, 17, 1), Ip.v4(10, 0, 18, 1), 48, Ecn.ECT0, 0x718C, 64);
    Frame frame =
        Frame.of(
            Ethernet.between(Frames.A, Frames.B),
            header,
            Udp.roce(0),
            Bth.of(Opcode.CNP, 1),
            new CnpReserved());
    assertEquals("45c2003c718c40004011" + "9161" + "0a0011010a001201", hexOf(frame, 14, 34));
  }

  @Test
  void aTagHasThePriorityInItsUpperThreeBits() {
    Frame frame = Frames.of(Opcode.RC_ACKNOWLEDGE, Networks.IPV4_WITH_VLAN.headers());
    assertEquals("8100" + "6064" + "0800", hexOf(frame, 12, 18));
  }

  @Test
  void theBaseTransportHeaderCountsItsPadding() {
    Frame frame =
        Frames.rocev2(Bth.of(Opcode.RC_SEND_ONLY, 0x123456).psn(0xABCDEF).askingForAck(true))
            .carrying(new byte[] {1, 2, 3, 4, 5});
    assertEquals("04" + "30" + "ffff" + "00123456" + "80abcdef", hexOf(frame, 42, 54));
    assertEquals("0102030405000000", hexOf(frame, 54, 62), "payload and pad");
  }

  @Test
  void extendedHeadersAreLaidOutAsTheStandardSays() {
    assertEquals(
        "00007f0012345678" + "cafe0001" + "00100000",
        hexOf(Frames.of(Opcode.RC_RDMA_READ_REQUEST, Networks.IPV4.headers()), 54, 70));
    assertEquals(
        "00007f0012345678" + "cafe0001" + "0000000000000005" + "0000000000000006",
        hexOf(Frames.of(Opcode.RC_COMPARE_SWAP, Networks.IPV4.headers()), 54, 82));
    assertEquals(
        "1f00004d" + "0000000000000029",
        hexOf(Frames.of(Opcode.RC_ATOMIC_ACKNOWLEDGE, Networks.IPV4.headers()), 54, 66));
    assertEquals(
        "11111111" + "00000456" + "deadbeef",
        hexOf(Frames.of(Opcode.UD_SEND_ONLY_WITH_IMMEDIATE, Networks.IPV4.headers()), 54, 66));
  }

  @Test
  void theGlobalRoutingHeaderPointsToABaseTransportHeader() {
    Frame frame = Frames.of(Opcode.RC_ACKNOWLEDGE, Networks.ROCE_V1.headers());
    assertEquals("8915" + "60000000" + "0014" + "1b" + "01", hexOf(frame, 12, 22));
    assertEquals("fd000000000000000000000000000001", hexOf(frame, 22, 38));
  }

  @Test
  void theUltraEthernetHeadersAreLaidOutAsPublished() {
    Frame request =
        Frames.over(
            java.util.List.of(
                Ethernet.between(Frames.A, Frames.B),
                Ipv4.between(Frames.A, Frames.B),
                Udp.uet(0x4321)),
            UetPds.request(UetPds.Kind.UNORDERED_REQUEST, 0x87654321, 0x1111, 0x2222),
            new UetSes(false, true, 1234, 567, 4096, 1, 99, 1000, 8192, 9192));
    assertEquals("432112b9", hexOf(request, 34, 38));
    assertEquals("1188" + "0000" + "87654321" + "1111" + "2222", hexOf(request, 42, 54));
    assertEquals(
        "0102"
            + "04d2"
            + "00000237"
            + "00000000"
            + "0000000000001000"
            + "00000001"
            + "0000000000000063"
            + "0000"
            + "03e8"
            + "00002000"
            + "000023e8",
        hexOf(request, 54, 98));
    Frame ack =
        Frame.of(
            Ethernet.between(Frames.B, Frames.A),
            Ipv4.between(Frames.B, Frames.A),
            Udp.uet(1),
            UetPds.acknowledge(7, true, 0x2222, 0x1111));
    assertEquals("3820" + "0000" + "00000007" + "2222" + "1111", hexOf(ack, 42, 54));
  }

  @Test
  void anOpcodeAsksForItsHeaders() {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> Frames.rocev2(Bth.of(Opcode.RC_RDMA_WRITE_ONLY, 17)));
    assertEquals(
        "behind a BTH with RC RDMA WRITE ONLY comes Reth, but was given the payload: add what is missing",
        error.getMessage());
  }

  @Test
  void addressesTellWhoTheyBelongTo() {
    Station station = Station.gpu(258, 3);
    assertEquals("02:00:00:01:02:04", station.mac().toString());
    assertEquals("10.1.2.4", station.v4().toString());
    assertEquals("fd00:0:0:102::4", station.v6().toString());
    assertEquals("06:00:01:00:00:07", Station.switchPort(256, 7).toString());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, ::",
    "0, 1, ::1",
    "0xfd00000000000000, 0, fd00::",
    "0x20010db800000000, 0x0000000000010001, 2001:db8::1:1",
    "0x0001000200030004, 0x0005000600070008, 1:2:3:4:5:6:7:8"
  })
  void longestRunsOfZerosAreLeftOut(String high, String low, String text) {
    assertEquals(text, Ip.v6(parse(high), parse(low)).toString());
  }

  private static long parse(String text) {
    return text.startsWith("0x")
        ? Long.parseUnsignedLong(text.substring(2), 16)
        : Long.parseLong(text);
  }

  @Test
  void aTableHasARowForEveryField() {
    Frame frame = Frames.of(Opcode.RC_RDMA_WRITE_ONLY, Networks.IPV4.headers());
    String text = frame.table().print(40);
    assertTrue(text.contains("RC RDMA WRITE ONLY (0x0a)"), text);
    assertTrue(text.contains("0x00007f0012345678"), text);
    assertTrue(frame.hex().startsWith("0000  02 00 00 00 01 03 02 00 00 00 00 01 08 00 45"));
  }
}
