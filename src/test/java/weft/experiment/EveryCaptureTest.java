package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.units.Units.kb;
import static weft.units.Units.mb;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weft.capture.Bth;
import weft.capture.Capture;
import weft.capture.CapturedFrame;
import weft.capture.Ethernet;
import weft.capture.Frame;
import weft.capture.Grh;
import weft.capture.Ipv4;
import weft.capture.Ipv6;
import weft.capture.PriorityPause;
import weft.capture.Tshark;
import weft.capture.Udp;
import weft.capture.Vlan;
import weft.fabric.Fabric;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.Hpcc;
import weft.transport.RoceV1;
import weft.transport.RoceV2;
import weft.transport.Scheduling;
import weft.transport.Transport;
import weft.transport.Uet;
import weft.units.Time;

/** Captures of every way in which RDMA is put into Ethernet. */
class EveryCaptureTest {
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(4, DGX_H100).leafRadix(16).build();

  /** One way, and the headers outside of the BTH. */
  record Way(Transport transport, List<Class<?>> outside) {
    Run run() {
      return Experiment.on(FABRIC)
          .run(Traffic.incast(FABRIC, 16, mb(1)))
          .over(transport)
          .capturing(Tap.gpu(0).upTo(20_000), Tap.gpu(8).upTo(2_000))
          .run();
    }
  }

  static List<Way> ways() {
    var v2 = RoceV2.lossless(Dcqcn.defaults());
    var v1 = RoceV1.lossless(CongestionControl.none()).oneBroadcastDomain();
    return List.of(
        new Way(v2, List.of(Ethernet.class, Ipv4.class, Udp.class)),
        new Way(v2.framing(RoceV2.IPV6), List.of(Ethernet.class, Ipv6.class, Udp.class)),
        new Way(
            v2.framing(RoceV2.TAGGED), List.of(Ethernet.class, Vlan.class, Ipv4.class, Udp.class)),
        new Way(
            v2.framing(RoceV2.TAGGED_IPV6),
            List.of(Ethernet.class, Vlan.class, Ipv6.class, Udp.class)),
        new Way(v1, List.of(Ethernet.class, Grh.class)),
        new Way(v1.framing(RoceV1.TAGGED), List.of(Ethernet.class, Vlan.class, Grh.class)));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void framesHaveTheHeadersOfTheTransportsTable(Way way) {
    for (CapturedFrame captured : way.run().capture().frames()) {
      Frame frame = captured.frame();
      if (frame.header(PriorityPause.class).isPresent()) {
        continue;
      }
      var found = new ArrayList<Class<?>>();
      frame.headers().stream()
          .takeWhile(header -> !(header instanceof Bth))
          .forEach(header -> found.add(header.getClass()));
      assertEquals(way.outside, found);
    }
  }

  /** The engine knows sizes and no headers, the capture headers and no sizes. */
  @ParameterizedTest
  @MethodSource("ways")
  void framesAreAsLongAsTheEngineCounted(Way way) {
    Run run = way.run();
    assertEquals(0, run.capture().missed());
    for (int point = 0; point < run.capture().points().size(); point++) {
      int at = point;
      long captured =
          run.capture().frames().stream()
              .filter(frame -> frame.point() == at)
              .mapToLong(frame -> frame.frame().wireBytes())
              .sum();
      String name = run.capture().points().get(at).name().replace(" ", "");
      long counted =
          run.networkLoad().ports().stream()
              .filter(port -> port.name().equals(name))
              .findFirst()
              .orElseThrow()
              .bytes();
      assertEquals(counted, captured, name);
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void tsharkDecodesEveryFrame(Way way, @TempDir Path folder) {
    Tshark.assume();
    Capture capture = way.run().capture();
    var tshark = new Tshark(capture.save(folder.resolve("all.pcapng").toString()));
    assertEquals(List.of(), tshark.complaints());
    var packets =
        capture.frames().stream()
            .map(CapturedFrame::frame)
            .filter(frame -> frame.header(Bth.class).isPresent())
            .toList();
    assertEquals(
        packets.stream().map(EveryCaptureTest::seen).toList(),
        tshark.fields(
            "infiniband.bth.opcode",
            "infiniband.bth.psn",
            way.outside.contains(Vlan.class) ? "vlan.priority" : "infiniband.bth.destqp"));
  }

  private static String seen(Frame frame) {
    Bth bth = frame.header(Bth.class).orElseThrow();
    String last =
        frame
            .header(Vlan.class)
            .map(vlan -> String.valueOf(vlan.priority()))
            .orElseGet(() -> "0x%06x".formatted(bth.destinationQp()));
    return "%d %d %s".formatted(bth.opcode().code(), bth.psn(), last);
  }

  /** 802.1Q's three bits are the class that PFC pauses. */
  @Test
  void aTagTellsTheClassOfTheTraffic() {
    Run run =
        Experiment.on(FABRIC)
            .run(
                Traffic.of(
                    new Flow(0, 8, kb(64), Time.ZERO).inClass("gradients"),
                    new Flow(1, 8, kb(64), Time.ZERO).inClass("storage")))
            .scheduling(Scheduling.strict("gradients", "storage"))
            .over(RoceV2.lossless(CongestionControl.none()).framing(RoceV2.TAGGED))
            .capturing(Tap.gpu(8))
            .run();
    var priorities =
        run.capture().frames().stream()
            .map(frame -> frame.frame().header(Vlan.class).orElseThrow().priority())
            .distinct()
            .sorted()
            .toList();
    assertEquals(
        List.of(Scheduling.priority(0), Scheduling.priority(1)).stream().sorted().toList(),
        priorities);
  }

  @Test
  void whatIsNoRoceIsRefusedByName() {
    for (Transport other : List.of(Uet.defaults(), RoceV2.lossless(Hpcc.defaults()))) {
      var experiment =
          Experiment.on(FABRIC)
              .run(Traffic.incast(FABRIC, 2, kb(4)))
              .over(other)
              .capturing(Tap.gpu(0));
      var error = assertThrows(IllegalArgumentException.class, experiment::run);
      assertTrue(error.getMessage().contains(other.toString()), error.getMessage());
    }
  }
}
