package weft.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The invariant CRC against packets that others sent and published. */
class IcrcTest {
  private static final int ETHERNET = 14;
  private static final int IPV4_AND_UDP = 28;

  /**
   * The CNP was captured on a ConnectX-4 Lx (Scapy's {@code test/contrib/roce.uts}); the WRITE and
   * the READ request are the sent and the expected packet of an FPGA's driver.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "CNP of a ConnectX-4 Lx,"
        + "e41d2dab2bc27cfe90643b32080045c2003c718c400040119161"
        + "0a0011010a001201000012b7002800008100ffff4000011800000000"
        + "0000000000000000000000000000000082fd002a",
    "RDMA WRITE of 16 B,"
        + "123456789abc7cb27d62c1ef08004500004c000100004011f54c"
        + "c0a80201c0a8020201f412b70038ffa60a00ffff0000000200000000"
        + "00000000000012300000000000000010000102030405060708090a0b0c0d0e0fca47470e",
    "RDMA READ request,"
        + "123456789abc7cb27d62c1ef08004500003c000100004011f55c"
        + "c0a80201c0a8020201f412b7002867630c00ffff0000000200000000"
        + "000000000000123000000000000000106e0f71ea"
  })
  void isWhatAnAdapterSent(String name, String hex) {
    byte[] frame = HexFormat.of().parseHex(hex);
    byte[] packet = Arrays.copyOfRange(frame, ETHERNET, frame.length - 4);
    int sent = Integer.parseUnsignedInt(hex.substring(hex.length() - 8), 16);
    assertEquals(sent, Integer.reverseBytes(Icrc.of(packet, IPV4_AND_UDP, true)), name);
  }

  /** The whole CNP, byte for byte, from its fields. */
  @Test
  void theCapturedCnpIsMadeAgainFromItsFields() {
    Frame cnp =
        Frame.of(
            new Ethernet(new Mac(0x7CFE90643B32L), new Mac(0xE41D2DAB2BC2L)),
            new Ipv4(Ip.v4(10, 0, 17, 1), Ip.v4(10, 0, 18, 1), 48, Ecn.ECT0, 0x718C, 64),
            Udp.roce(0),
            Bth.of(Opcode.CNP, 0x118),
            new CnpReserved());
    assertEquals(
        "e41d2dab2bc27cfe90643b32080045c2003c718c4000401191610a0011010a001201000012b70028"
            + "00008100ffff40000118000000000000000000000000000000000000000082fd002a",
        HexFormat.of().formatHex(cnp.toBytes()));
  }

  /** What routers and switches change does not touch it. */
  @Test
  void doesNotDependOnWhatChangesOnTheWay() {
    Frame sent = Frames.of(Opcode.RC_RDMA_WRITE_ONLY, Networks.IPV4.headers());
    var marked = new java.util.ArrayList<>(sent.headers());
    marked.set(
        1, Ipv4.between(Frames.A, Frames.B).identification(0x1234).ecn(Ecn.ECT0).dscp(3).ttl(61));
    Frame received = Frame.of(marked.toArray(new Header[0])).carrying(Frames.payload(253));
    assertEquals(icrc(sent), icrc(received));
  }

  /** What the payload says, does. */
  @Test
  void changesWithEveryBitOfThePayload() {
    Frame frame = Frames.of(Opcode.RC_SEND_ONLY, Networks.IPV6.headers());
    byte[] changed = Frames.payload(253);
    changed[100] ^= 1;
    org.junit.jupiter.api.Assertions.assertNotEquals(icrc(frame), icrc(frame.carrying(changed)));
  }

  private static String icrc(Frame frame) {
    byte[] bytes = frame.toBytes();
    return HexFormat.of().formatHex(bytes, bytes.length - 4, bytes.length);
  }
}
