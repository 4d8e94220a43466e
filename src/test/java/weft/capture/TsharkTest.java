package weft.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.ns;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every frame as Wireshark's dissectors see it. */
class TsharkTest {
  @TempDir Path folder;

  @BeforeEach
  void needed() {
    Tshark.assume();
  }

  private Tshark save(List<Frame> frames) {
    var captured = new ArrayList<CapturedFrame>();
    for (int i = 0; i < frames.size(); i++) {
      captured.add(new CapturedFrame(ns(100 + 7 * i), 0, frames.get(i), i == 0 ? "the first" : ""));
    }
    var points = List.of(new CapturePoint("gpu0 > leaf0", gbps(400)));
    String file = folder.resolve("frames.pcapng").toString();
    return new Tshark(Capture.of(points, captured, 0).save(file));
  }

  @ParameterizedTest
  @EnumSource(Networks.class)
  void everyOpcodeComesOutAsItWasPutIn(Networks network) {
    var frames = new ArrayList<Frame>();
    for (Opcode opcode : Opcode.values()) {
      frames.add(Frames.of(opcode, network.headers()));
    }
    Tshark tshark = save(frames);
    assertEquals(List.of(), tshark.complaints());
    var rows =
        tshark.fields(
            "infiniband.bth.opcode",
            "infiniband.bth.destqp",
            "infiniband.bth.psn",
            "infiniband.bth.a",
            "infiniband.bth.padcnt");
    var expected = new ArrayList<String>();
    for (Opcode opcode : Opcode.values()) {
      int pad = Frames.carriesPayload(opcode) ? 3 : 0;
      expected.add("%d 0x012345 %d 1 %d".formatted(opcode.code(), Frames.psn(opcode), pad));
    }
    assertEquals(expected, rows);
  }

  @Test
  void addressesMarksAndPortsComeOutAsTheyWerePutIn() {
    Tshark tshark =
        save(
            List.of(
                Frames.of(Opcode.RC_RDMA_WRITE_ONLY, Networks.IPV4.headers()),
                Frames.of(Opcode.RC_RDMA_WRITE_ONLY, Networks.IPV4_WITH_VLAN.headers())));
    assertEquals(List.of(), tshark.complaints());
    assertEquals(
        List.of(
            "02:00:00:00:00:01 02:00:00:00:01:03 10.0.0.1 10.0.1.3 26 3 0x1234 49153 4791",
            "02:00:00:00:00:01 02:00:00:00:01:03 10.0.0.1 10.0.1.3 24 2 0x0000 50000 4791"),
        tshark.fields(
            "eth.src",
            "eth.dst",
            "ip.src",
            "ip.dst",
            "ip.dsfield.dscp",
            "ip.dsfield.ecn",
            "ip.id",
            "udp.srcport",
            "udp.dstport"));
    assertEquals(List.of("3 100"), tshark.fields("vlan.priority", "vlan.id"));
  }

  @Test
  void ipv6AndTheGlobalRoutingHeaderComeOutAsTheyWerePutIn() {
    Tshark six = save(List.of(Frames.of(Opcode.RC_RDMA_WRITE_ONLY, Networks.IPV6.headers())));
    assertEquals(
        List.of("fd00::1 fd00:0:0:1::3 26 65535 1"),
        six.fields(
            "ipv6.src", "ipv6.dst", "ipv6.tclass.dscp", "udp.srcport", "udp.checksum.status"));
    Tshark first = save(List.of(Frames.of(Opcode.RC_RDMA_WRITE_ONLY, Networks.ROCE_V1.headers())));
    assertEquals(
        List.of("fd00::1 fd00:0:0:1::3 27 0x012345"),
        first.fields(
            "infiniband.grh.sgid",
            "infiniband.grh.dgid",
            "infiniband.grh.nxthdr",
            "infiniband.bth.destqp"));
  }

  @Test
  void extendedHeadersComeOutAsTheyWerePutIn() {
    Tshark tshark =
        save(
            List.of(
                Frames.of(Opcode.RC_RDMA_WRITE_ONLY_WITH_IMMEDIATE, Networks.IPV4.headers()),
                Frames.of(Opcode.RC_COMPARE_SWAP, Networks.IPV4.headers()),
                Frames.of(Opcode.RC_ATOMIC_ACKNOWLEDGE, Networks.IPV4.headers()),
                Frames.of(Opcode.UD_SEND_ONLY, Networks.IPV4.headers())));
    assertEquals(
        List.of("0x00007f0012345678 0xcafe0001 1048576 deadbeef", "0x00007f0012345678 0xcafe0001"),
        tshark.fields(
            "infiniband.reth.va",
            "infiniband.reth.r_key",
            "infiniband.reth.dmalen",
            "infiniband.immdt"));
    assertEquals(
        List.of("5 6"), tshark.fields("infiniband.atomiceth.swapdt", "infiniband.atomiceth.cmpdt"));
    assertEquals(
        List.of("77 41"),
        tshark.fields("infiniband.aeth.msn", "infiniband.atomicacketh.origremdt"));
    assertEquals(
        List.of("0x0000000011111111 0x00000456"),
        tshark.fields("infiniband.deth.q_key", "infiniband.deth.srcqp"));
  }

  @Test
  void syndromesSayWhatTheyMean() {
    var syndromes =
        List.of(
            Aeth.ACK,
            Aeth.receiverNotReady(12),
            Aeth.NAK_SEQUENCE,
            Aeth.NAK_INVALID_REQUEST,
            Aeth.NAK_REMOTE_ACCESS,
            Aeth.NAK_REMOTE_OPERATION);
    Tshark tshark =
        save(
            syndromes.stream()
                .map(s -> Frames.rocev2(Bth.of(Opcode.RC_ACKNOWLEDGE, 9).psn(1), new Aeth(s, 0)))
                .toList());
    assertEquals(List.of(), tshark.complaints());
    assertEquals(
        List.of("0 31", "1 12", "3 0", "3 1", "3 2", "3 3"),
        tshark.fields(
            "infiniband.aeth.syndrome.opcode",
            "infiniband.aeth.syndrome.credit_count",
            "infiniband.aeth.syndrome.timer",
            "infiniband.aeth.syndrome.error_code"));
  }

  @Test
  void pausesComeOutAsTheyWerePutIn() {
    Tshark tshark =
        save(
            List.of(
                PriorityPause.of(3, 0xFFFF).from(Station.switchPort(5, 2)),
                PriorityPause.of(3, 0).from(Station.switchPort(5, 2))));
    assertEquals(List.of(), tshark.complaints());
    assertEquals(
        List.of("01:80:c2:00:00:01 0x0101 0x0008 65535 0", "01:80:c2:00:00:01 0x0101 0x0008 0 0"),
        tshark.fields(
            "eth.dst",
            "macc.opcode",
            "macc.cbfc.enbv",
            "macc.cbfc.pause_time.c3",
            "macc.cbfc.pause_time.c4"));
  }

  /** Wireshark knows Ultra Ethernet from a later release on; this one must see plain UDP. */
  @Test
  void ultraEthernetIsSeenAsUdpAtLeast() {
    Tshark tshark =
        save(
            List.of(
                Frame.of(
                    Ethernet.between(Frames.A, Frames.B),
                    Ipv4.between(Frames.A, Frames.B),
                    Udp.uet(7),
                    UetPds.acknowledge(7, true, 1, 2))));
    assertEquals(List.of(), tshark.complaints());
    assertEquals(List.of("7 4793 20"), tshark.fields("udp.srcport", "udp.dstport", "udp.length"));
  }

  @Test
  void timesNamesAndCommentsAreInTheFile() {
    var frame = Frames.of(Opcode.RC_SEND_ONLY, Networks.IPV4.headers());
    Tshark tshark = save(List.of(frame, frame));
    assertEquals(
        List.of(
            "0.000000100 gpu0 > leaf0 the first " + frame.bytes(),
            "0.000000107 gpu0 > leaf0 " + frame.bytes()),
        tshark.fields("frame.time_epoch", "frame.interface_name", "frame.comment", "frame.len"));
  }

  @Test
  void aSnapLengthKeepsTheHeadersAndTellsTheTrueLength() {
    var frame = Frames.of(Opcode.RC_RDMA_WRITE_ONLY, Networks.IPV4.headers());
    var points = List.of(new CapturePoint("link", gbps(400)));
    var captured = List.of(new CapturedFrame(ns(1), 0, frame, ""));
    String file = folder.resolve("snapped.pcapng").toString();
    var tshark = new Tshark(Capture.of(points, captured, 0).snap(bytes(96)).save(file));
    assertEquals(
        List.of("96 %d 0xcafe0001".formatted(frame.bytes())),
        tshark.fields("frame.cap_len", "frame.len", "infiniband.reth.r_key"));
    assertTrue(tshark.fields("_ws.malformed").isEmpty());
  }
}
