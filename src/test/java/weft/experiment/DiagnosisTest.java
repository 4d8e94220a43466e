package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.kb;
import static weft.units.Units.kib;
import static weft.units.Units.mb;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import weft.cluster.Accelerator;
import weft.cluster.Server;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fault.Fault;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.InfiniBand;
import weft.transport.Pfc;
import weft.transport.RoceV2;
import weft.transport.Swift;
import weft.transport.Transport;
import weft.transport.Uet;
import weft.units.Time;

/** Devices that are set up wrong are found by what they do, and nobody else is blamed. */
class DiagnosisTest {
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(4, DGX_H100).leafRadix(16).build().buffer(mib(16));
  private static final Server ONE_GPU = new Server("1 GPU", 1, Accelerator.H100, gbps(400));

  private static Experiment incast(CongestionControl control) {
    return Experiment.on(FABRIC)
        .run(Traffic.incast(FABRIC, 24, mb(1)))
        .over(RoceV2.lossless(control).timeout(8));
  }

  private static Finding only(Experiment experiment) {
    List<Finding> findings = experiment.run().diagnosis().findings();
    assertEquals(1, findings.size(), findings.toString());
    return findings.get(0);
  }

  /** It drops what others would pause; what they pause it sends all the same. */
  @ParameterizedTest
  @CsvSource({"leaf0, PFC off", "spine0, pauses ignored", "leaf1, pauses ignored"})
  void aSwitchWithoutPfcIsNamed(String device, String what) {
    Experiment wrong =
        incast(CongestionControl.none()).misconfigured(Misconfiguration.withoutPfc(device));
    Finding finding = only(wrong);
    assertEquals(device, finding.device());
    assertEquals(what, finding.what());
    Run run = wrong.run();
    assertTrue(run.networkLoad().drops() > 0);
    assertEquals(4, run.diagnosis().table().columnCount());
    assertTrue(run.provenance().toString().contains(device + ": PFC off"));
  }

  @Test
  void aNicThatKeepsItsSwitchPausedIsNamed() {
    Experiment incast = incast(Dcqcn.defaults());
    Finding slow = only(incast.during(Fault.slowHost(0, 0.05)));
    assertEquals("pause storm", slow.what());
    assertEquals("NIC of gpu0", slow.device());
    assertTrue(slow.evidence().startsWith("kept leaf0 from sending for 9"), slow.evidence());
  }

  @ParameterizedTest
  @ValueSource(strings = {"leaf0", "spine0"})
  void tooLittleHeadroomIsNamed(String device) {
    Finding finding =
        only(
            incast(CongestionControl.none()).misconfigured(Misconfiguration.headroom(device, 0.1)));
    assertEquals("headroom too small", finding.what());
    assertEquals(device, finding.device());
    assertTrue(finding.remedy().contains("101 kB"), finding.remedy());
  }

  /**
   * A switch hands its buffer out in cells: packets of a byte, 83 B on the wire, fill a third of
   * one, so three times as much is to be reserved as arrives.
   */
  @Test
  void headroomIsToldInCells() {
    Link uplink = FABRIC.links().get(FABRIC.links().size() - 1);
    long half = FABRIC.switchLatency().ps() / 2;
    long bare = Pfc.headroom(uplink.rate(), new Time(uplink.delay().ps() + half), 4194);
    Fabric inCells = FABRIC.bufferCell(bytes(256));
    Finding finding =
        only(
            Experiment.on(inCells)
                .run(Traffic.incast(inCells, 24, mb(1)))
                .over(RoceV2.lossless(CongestionControl.none()).timeout(8))
                .misconfigured(Misconfiguration.headroom("leaf0", 0.1)));
    assertEquals(
        "reserve %d kB at each input, what its cables and rates need"
            .formatted(Math.round(bare * 256 / 83.0 / 1e3)),
        finding.remedy());
  }

  @Test
  void aQueueThatDropsBeforeItsInputsPauseIsNamed() {
    Fabric star = Fabric.drawn("gpu[0-2] --100G 1us-- s\ns --100G 1us queue 20p-- gpu3");
    Finding finding =
        only(
            Experiment.on(star)
                .run(Traffic.of(new Flow(0, 3, mb(1), us(0)), new Flow(1, 3, mb(1), us(0))))
                .over(RoceV2.lossless(CongestionControl.none()).selectiveRepeat()));
    assertEquals("queue too short", finding.what());
    assertEquals("s", finding.device());
    assertTrue(finding.evidence().contains("at s>gpu3"), finding.evidence());
  }

  @Test
  void aSwitchThatMarksTooLateIsNamed() {
    Finding finding =
        only(
            incast(Dcqcn.defaults())
                .misconfigured(Misconfiguration.marking("leaf0", mb(50), mb(60))));
    assertEquals("ECN marks too late", finding.what());
    assertEquals("leaf0", finding.device());
    assertTrue(finding.evidence().contains("Kmax is 6400 kB"), finding.evidence());
  }

  /** A single switch, so that it pauses NICs directly. */
  @Test
  void aNicThatIgnoresPausesIsNamed() {
    Fabric fabric = Fabric.leafSpine().servers(8, ONE_GPU).build().buffer(mib(8));
    Finding finding =
        only(
            Experiment.on(fabric)
                .run(Traffic.incast(fabric, 7, mb(8)))
                .over(RoceV2.lossless(CongestionControl.none()).timeout(8))
                .misconfigured(Misconfiguration.ignoringPauses("gpu3")));
    assertEquals("pauses ignored", finding.what());
    assertEquals("NIC of gpu3", finding.device());
    assertTrue(finding.evidence().contains("overran the headroom"), finding.evidence());
  }

  @Test
  void aNicInTheWrongPriorityIsNamed() {
    Run run =
        incast(CongestionControl.none())
            .misconfigured(Misconfiguration.wrongPriority("gpu9"))
            .run();
    Finding finding = run.diagnosis().findings().get(0);
    assertEquals(1, run.diagnosis().findings().size());
    assertEquals("priority mismatch", finding.what());
    assertEquals("NIC of gpu9", finding.device());
    var drops = run.drops().table();
    assertEquals(1, drops.stringColumn("source").countUnique());
    assertEquals(0, drops.intColumn("DSCP").max());
  }

  /** 5 MiB less headroom, alpha 1/8: one input is paused at 0.6 MB, long before Kmin, 1.6 MB. */
  @Test
  void aBufferTooSmallForItsMarksIsFound() {
    Fabric small = FABRIC.buffer(mib(5));
    Finding finding =
        only(
            Experiment.on(small)
                .run(Traffic.incast(small, 24, mb(1)))
                .over(RoceV2.lossless(Dcqcn.defaults())));
    assertEquals("ECN threshold above the PFC threshold", finding.what());
    assertTrue(finding.device().contains("leaf1"), finding.device());
  }

  @Test
  void aCableWithBitErrorsIsFound() {
    Finding finding = only(incast(Dcqcn.defaults()).losing(1e-4));
    assertEquals("bit errors", finding.what());
  }

  /** Nothing waits or is lost: the senders only ask too soon. */
  @Test
  void aTimerBelowTheRoundTripIsFound() {
    Run run =
        Experiment.on(FABRIC)
            .run(Traffic.of(new Flow(0, 8, kb(100), us(0))))
            .over(Uet.defaults().timeout(us(1)))
            .attempt();
    Finding finding = run.diagnosis().findings().get(0);
    assertEquals(1, run.diagnosis().findings().size());
    assertEquals("timeout too short", finding.what());
    assertEquals("NIC of gpu0", finding.device());
  }

  @Test
  void aCircleOfPausesIsFound() {
    Fabric ring =
        Fabric.drawn(
                """
                gpu0 --100G 1us-- s0
                gpu1 --100G 1us-- s1
                gpu2 --100G 1us-- s2
                gpu3 --100G 1us-- s3
                gpu4 --100G 1us-- s4
                s0 --100G 1us-- s1
                s1 --100G 1us-- s2
                s2 --100G 1us-- s3
                s3 --100G 1us-- s4
                s4 --100G 1us-- s0
                """)
            .buffer(kib(512));
    Flow[] around =
        IntStream.range(0, 5)
            .mapToObj(i -> new Flow(i, (i + 2) % 5, mb(4), us(0)))
            .toArray(Flow[]::new);
    Run run =
        Experiment.on(ring)
            .run(Traffic.of(around))
            .over(RoceV2.lossless(CongestionControl.none()).timeout(8))
            .attempt();
    Finding finding = run.diagnosis().findings().get(0);
    assertEquals("deadlock", finding.what());
    assertEquals(5, finding.evidence().split("waits for", -1).length - 1, finding.evidence());
    assertTrue(run.unfinished().get(0).startsWith("deadlock: "), run.unfinished().get(0));
  }

  @Test
  void aNetworkThatIsMeantToDropIsNotBlamedForIt() {
    Fabric small = FABRIC.buffer(kib(256));
    Run run =
        Experiment.on(small)
            .run(Traffic.incast(small, 16, mb(1)))
            .over(RoceV2.lossy(Dcqcn.defaults()).timeout(4))
            .run();
    assertTrue(run.networkLoad().drops() > 0);
    assertEquals(List.of(), run.diagnosis().findings());
    assertEquals("nothing went wrong", run.diagnosis().toString());
  }

  private static Experiment random(Random random) {
    boolean tree = random.nextBoolean();
    Fabric fabric =
        (tree
                ? Fabric.fatTree().k(4).build()
                : Fabric.leafSpine().servers(4, DGX_H100).leafRadix(16).build())
            .buffer(mib(16 + random.nextInt(16)));
    Traffic traffic =
        random.nextBoolean()
            ? Traffic.incast(fabric, 2 + random.nextInt(10), kb(200 + random.nextInt(800)))
            : Traffic.permutation(fabric.gpus(), kb(200 + random.nextInt(800)), random.nextLong());
    return Experiment.on(fabric).run(traffic).seed(random.nextLong());
  }

  private static CongestionControl control(Random random) {
    return List.of(Dcqcn.defaults(), CongestionControl.none(), Swift.defaults())
        .get(random.nextInt(3));
  }

  static LongStream seeds() {
    return LongStream.range(0, 30);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void healthyNetworksAreNeverBlamed(long seed) {
    var random = new Random(seed);
    Transport transport =
        switch (random.nextInt(5)) {
          case 0 -> RoceV2.lossy(control(random)).timeout(6);
          case 1 -> Uet.defaults();
          case 2 -> InfiniBand.defaults();
          default -> RoceV2.lossless(control(random)).timeout(10);
        };
    Diagnosis diagnosis = random(random).over(transport).run().diagnosis();
    assertEquals(List.of(), diagnosis.findings(), transport.toString());
  }

  /** Whether one wrong device does harm depends on the traffic; if it does, it alone is named. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nobodyElseIsBlamed(long seed) {
    var random = new Random(seed);
    Experiment experiment = random(random).over(RoceV2.lossless(control(random)).timeout(8));
    Fabric fabric = experiment.fabric;
    var switches = fabric.nodes().stream().filter(n -> n.tier() > 0).toList();
    String device = switches.get(random.nextInt(switches.size())).name();
    String gpu = fabric.nodes().get(fabric.node(random.nextInt(fabric.gpus()))).name();
    Misconfiguration wrong =
        switch (random.nextInt(5)) {
          case 0 -> Misconfiguration.headroom(device, random.nextDouble());
          case 1 -> Misconfiguration.marking(device, mb(50), mb(60));
          case 2 -> Misconfiguration.ignoringPauses(gpu);
          case 3 -> Misconfiguration.wrongPriority(gpu);
          default -> Misconfiguration.withoutPfc(device);
        };
    for (Finding finding : experiment.misconfigured(wrong).run().diagnosis().findings()) {
      String named = finding.device().replace("NIC of ", "");
      assertEquals(wrong.toString().split(":", 2)[0], named, finding.toString());
    }
  }

  @Test
  void whatCannotBeSetWrongIsRefused() {
    Experiment lossless = incast(CongestionControl.none());
    var unknown = lossless.misconfigured(Misconfiguration.withoutPfc("leaf99"));
    assertTrue(
        assertThrows(IllegalArgumentException.class, unknown::run).getMessage().contains("leaf99"));
    var lossy =
        lossless
            .over(RoceV2.lossy(CongestionControl.none()))
            .misconfigured(Misconfiguration.headroom("leaf0", 0.5));
    assertTrue(
        assertThrows(IllegalArgumentException.class, lossy::run)
            .getMessage()
            .endsWith("run over RoceV2.lossless(...)"));
    assertThrows(IllegalArgumentException.class, () -> Misconfiguration.headroom("leaf0", 1.5));
    assertThrows(
        IllegalArgumentException.class, () -> Misconfiguration.marking("leaf0", mb(2), mb(1)));
  }
}
