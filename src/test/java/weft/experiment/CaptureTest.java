package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.units.Units.bytes;
import static weft.units.Units.kb;
import static weft.units.Units.kib;
import static weft.units.Units.mb;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weft.capture.Bth;
import weft.capture.Capture;
import weft.capture.CapturedFrame;
import weft.capture.Ecn;
import weft.capture.InternetHeader;
import weft.capture.Ipv4;
import weft.capture.Opcode;
import weft.capture.PriorityPause;
import weft.capture.Tshark;
import weft.engine.packet.PortCounters;
import weft.fabric.Fabric;
import weft.routing.FiveTuple;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;
import weft.units.DataSize;
import weft.units.Time;

/** An experiment's packets as a capture at one of its links. */
class CaptureTest {
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(4, DGX_H100).leafRadix(16).build();

  private static Experiment flows(Flow... flows) {
    return Experiment.on(FABRIC).run(Traffic.of(flows));
  }

  private static Flow flow(int from, int to, DataSize size) {
    return new Flow(from, to, size, Time.ZERO);
  }

  private static Experiment incast() {
    return Experiment.on(FABRIC).run(Traffic.incast(FABRIC, 8, mb(1)));
  }

  private static PortCounters port(Run run, String name) {
    return run.networkLoad().ports().stream()
        .filter(port -> port.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static long count(Capture capture, Opcode opcode) {
    return capture
        .where(f -> f.header(Bth.class).map(bth -> bth.opcode() == opcode).orElse(false))
        .size();
  }

  /** 20,000 B are five packets of 4096 B at most; each is acknowledged. */
  @Test
  void aWriteIsSeenAtItsNicPacketByPacket() {
    Capture capture = flows(flow(0, 8, bytes(20_000))).capturing(Tap.gpu(0)).run().capture();
    assertEquals(1, count(capture, Opcode.RC_RDMA_WRITE_FIRST));
    assertEquals(3, count(capture, Opcode.RC_RDMA_WRITE_MIDDLE));
    assertEquals(1, count(capture, Opcode.RC_RDMA_WRITE_LAST));
    assertEquals(5, count(capture, Opcode.RC_ACKNOWLEDGE));
    assertEquals(20_000, capture.frames().stream().mapToInt(f -> f.frame().payloadBytes()).sum());
    assertEquals(2, capture.points().size());
    assertFalse(capture.table().containsColumn("note"), "there is nothing to note");
  }

  /** A frame's own length is what the engine gave the packet of its link's time. */
  @Test
  void framesAreAsLongAsTheEngineCounted() {
    Run run = flows(flow(0, 8, mb(1))).capturing(Tap.gpu(0)).run();
    for (int point = 0; point < 2; point++) {
      int at = point;
      long captured =
          run.capture().frames().stream()
              .filter(f -> f.point() == at)
              .mapToLong(f -> f.frame().wireBytes())
              .sum();
      String name = run.capture().points().get(at).name().replace(" ", "");
      assertEquals(port(run, name).bytes(), captured, name);
    }
  }

  @Test
  void timesNeverRunBackwards() {
    var frames = incast().capturing(Tap.gpu(0), Tap.gpu(8)).run().capture().frames();
    for (int i = 1; i < frames.size(); i++) {
      assertTrue(frames.get(i - 1).at().compareTo(frames.get(i).at()) <= 0);
    }
  }

  @Test
  void theUdpSourcePortIsTheEntropyThatSwitchesHash() {
    Capture capture =
        flows(flow(0, 8, kb(4)), flow(0, 9, kb(4))).capturing(Tap.gpu(0)).run().capture();
    var ports =
        capture.frames().stream()
            .filter(f -> f.frame().payloadBytes() > 0)
            .map(f -> f.frame().header(weft.capture.Udp.class).orElseThrow().sourcePort())
            .distinct()
            .toList();
    assertEquals(List.of(FiveTuple.sourcePort(0), FiveTuple.sourcePort(1)), ports);
  }

  /** Marks in the capture are the port's marks; each router takes one from the time to live. */
  @Test
  void marksAndHopsAreThoseOfThePacket() {
    Run run = incast().capturing(Tap.gpu(0).upTo(100_000)).run();
    Capture data = run.capture().where(f -> f.payloadBytes() > 0);
    long marked =
        data.frames().stream()
            .filter(f -> f.frame().header(InternetHeader.class).orElseThrow().ecn() == Ecn.CE)
            .count();
    long lastHop = port(run, "leaf0>gpu0").marks();
    assertTrue(lastHop > 0 && lastHop <= marked && marked <= run.networkLoad().marks());
    assertTrue(count(run.capture(), Opcode.CNP) > 0);
    for (CapturedFrame frame : data.frames()) {
      int ttl = frame.frame().header(Ipv4.class).orElseThrow().ttl();
      assertTrue(ttl == 63 || ttl == 61, "one leaf, or leaf, spine and leaf: " + ttl);
    }
  }

  @Test
  void aFullCaptureCountsWhatItMissed() {
    Run run = flows(flow(0, 8, mb(1))).capturing(Tap.gpu(0).upTo(10)).run();
    assertEquals(20, run.capture().size());
    assertEquals(2 * (245 - 10), run.capture().missed(), "1 MB is 245 packets, and as many ACKs");
  }

  @Test
  void lossesAreSeenAsPacketsSentAgain() {
    var small = FABRIC.buffer(kib(64));
    Capture capture =
        Experiment.on(small)
            .run(Traffic.incast(small, 8, mb(1)))
            .over(RoceV2.lossy(CongestionControl.none()).timeout(4))
            .capturing(Tap.gpu(8))
            .run()
            .capture();
    assertTrue(capture.frames().stream().anyMatch(f -> f.comment().equals("sent again")));
    assertTrue(capture.table().stringColumn("note").contains("sent again"));
  }

  @Test
  void whatCannotBeTappedIsRefused() {
    var experiment = flows(flow(0, 8, kb(4)));
    assertThrows(IllegalStateException.class, experiment.run()::capture);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> experiment.capturing(Tap.between("leaf0", "leaf99")));
    assertTrue(error.getMessage().contains("leaf99"), error.getMessage());
    int nvlink =
        FABRIC
            .links()
            .indexOf(FABRIC.links().stream().filter(FABRIC::isScaleUp).findFirst().orElseThrow());
    assertThrows(IllegalArgumentException.class, () -> experiment.capturing(Tap.link(nvlink)));
    assertThrows(IllegalArgumentException.class, () -> Tap.gpu(0).upTo(0));
  }

  @Test
  void wiresharkReadsWhatTheEngineSent(@TempDir Path folder) {
    Tshark.assume();
    Run run =
        Experiment.on(FABRIC.buffer(kib(2048)))
            .run(Traffic.incast(FABRIC, 16, mb(1)))
            .over(RoceV2.lossless(CongestionControl.none()))
            .capturing(Tap.gpu(0).upTo(2_000), Tap.gpu(8).upTo(2_000))
            .run();
    Capture capture = run.capture();
    var tshark = new Tshark(capture.save(folder.resolve("incast.pcapng").toString()));
    assertEquals(List.of(), tshark.complaints());
    assertEquals(capture.size(), tshark.fields("frame.number").size());
    var numbers = tshark.fields("infiniband.bth.opcode", "infiniband.bth.psn", "ip.dsfield.ecn");
    var expected =
        capture.frames().stream()
            .map(CapturedFrame::frame)
            .filter(f -> f.header(Bth.class).isPresent())
            .map(
                f -> {
                  Bth bth = f.header(Bth.class).orElseThrow();
                  int ecn = f.header(InternetHeader.class).orElseThrow().ecn().bits();
                  return "%d %d %d".formatted(bth.opcode().code(), bth.psn(), ecn);
                })
            .toList();
    assertEquals(expected, numbers);
    long pauses = capture.where(f -> f.header(PriorityPause.class).isPresent()).size();
    assertTrue(pauses > 0);
    assertEquals(pauses, tshark.fields("macc.cbfc.enbv").size());
  }
}
