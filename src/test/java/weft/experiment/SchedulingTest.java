package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.kib;
import static weft.units.Units.mb;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;
import weft.capture.Capture;
import weft.capture.Ipv4;
import weft.capture.PriorityPause;
import weft.engine.packet.PortCounters;
import weft.fabric.Fabric;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;
import weft.transport.Scheduling;
import weft.units.Time;

/** Several kinds of traffic in one experiment, each in a class. */
class SchedulingTest {
  private static final Fabric STAR = Fabric.drawn("gpu[0-3] --100G 1us-- leaf0");
  private static final Traffic TRAINING =
      Traffic.of(new Flow(0, 2, mb(4), Time.ZERO)).inClass("training");
  private static final Traffic BACKUP =
      Traffic.of(new Flow(1, 2, mb(4), Time.ZERO), new Flow(3, 2, mb(4), Time.ZERO))
          .inClass("storage");
  private static final Experiment BOTH =
      Experiment.on(STAR)
          .run(TRAINING.and(BACKUP))
          .over(RoceV2.lossless(CongestionControl.none()).timeout(14));

  private static double[] rates(Scheduling scheduling) {
    Table flows = BOTH.scheduling(scheduling).run().flows();
    assertEquals(List.of("training", "storage", "storage"), flows.stringColumn("class").asList());
    return flows.doubleColumn("rate (Gb/s)").asDoubleArray();
  }

  @Test
  void theClassThatGoesFirstIsNotSlowedByTheOther() {
    assertTrue(rates(Scheduling.strict("training", "storage"))[0] > 95);
    double[] last = rates(Scheduling.strict("storage", "training"));
    assertTrue(last[0] < 34, last[0] + " Gb/s");
  }

  /** A flow and two flows, one to one: until the first ends it has half. */
  @Test
  void classesShareByWeightsWhateverTheirFlows() {
    double[] rates = rates(Scheduling.weighted("training", 1).and("storage", 1));
    assertEquals(49, rates[0], 1);
  }

  /** Priority 3 is DSCP 26, the next class priority 4, DSCP 34. */
  @Test
  void framesBearTheirClass() {
    Capture capture =
        BOTH.scheduling(Scheduling.strict("training", "storage"))
            .capturing(Tap.gpu(1))
            .run()
            .capture();
    Set<Integer> codePoints =
        capture.frames().stream()
            .flatMap(f -> f.frame().header(Ipv4.class).stream())
            .map(Ipv4::dscp)
            .collect(Collectors.toSet());
    assertEquals(Set.of(34), codePoints);
    Set<Integer> paused =
        capture.frames().stream()
            .flatMap(f -> f.frame().header(PriorityPause.class).stream())
            .map(PriorityPause::classes)
            .collect(Collectors.toSet());
    assertTrue(Set.of(1 << 4).containsAll(paused), paused.toString());
  }

  @Test
  void aFlowsClassMustBeOneOfThem() {
    assertTrue(refusal(BOTH).contains("scheduling(...)"), refusal(BOTH));
    var noClass =
        Experiment.on(STAR)
            .run(Traffic.of(new Flow(0, 1, mb(1), Time.ZERO)))
            .scheduling(Scheduling.strict("training", "storage"));
    assertTrue(refusal(noClass).contains("inClass(\"training\")"), refusal(noClass));
  }

  private static String refusal(Experiment experiment) {
    return assertThrows(IllegalArgumentException.class, experiment::run).getMessage();
  }

  @Test
  void aTableOfFlowsKeepsTheirClasses() {
    Traffic back = Traffic.from(TRAINING.and(BACKUP).table());
    assertEquals(TRAINING.and(BACKUP).flows(), back.flows());
    assertEquals(Optional.of("storage"), back.flows().get(1).trafficClass());
  }

  @Test
  void provenanceNamesTheClasses() {
    var run = BOTH.scheduling(Scheduling.weighted("training", 3).and("storage", 1)).run();
    assertTrue(run.provenance().toString().contains("weighted: training 3, storage 1"));
  }

  /** Each class's packets are those of its queue pairs at each of a star's two hops. */
  @Test
  void portsCountEachClassApart() {
    Run run =
        Experiment.on(STAR.buffer(kib(1024)))
            .run(TRAINING.and(BACKUP))
            .over(RoceV2.lossless(CongestionControl.none()).timeout(14))
            .scheduling(Scheduling.strict("training", "storage"))
            .run();
    Table classes = run.classes();
    assertEquals(List.of("training", "storage"), classes.stringColumn("class").asList());
    long packets = 4_000_000 / 4096 + 1;
    assertEquals(List.of(2 * packets, 4 * packets), classes.longColumn("packets sent").asList());
    var ports = run.networkLoad().ports();
    assertEquals(
        ports.stream().mapToLong(PortCounters::pausesSent).sum(),
        (long) classes.longColumn("pauses sent").sum());
    assertEquals(
        ports.stream().mapToLong(PortCounters::marks).sum(),
        (long) classes.longColumn("ECN marks").sum());
    assertTrue(classes.doubleColumn("longest paused (us)").get(1) > 0, "storage is held up");
    assertEquals(0, classes.doubleColumn("longest paused (us)").get(0), 0);
  }

  @Test
  void oneClassIsNotCountedApart() {
    var run = BOTH.scheduling(Scheduling.strict("training", "storage"));
    var error =
        assertThrows(
            IllegalStateException.class,
            () -> Experiment.on(STAR).run(Traffic.incast(STAR, 2, mb(1))).run().classes());
    assertTrue(error.getMessage().contains("networkLoad()"), error.getMessage());
    assertEquals(2, run.run().classes().rowCount());
  }
}
