package weft.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.us;

import java.util.List;
import org.junit.jupiter.api.Test;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node;
import weft.fault.FaultStep.State;

/** When ports change, and which faults are refused. */
class FaultPlanTest {
  private static final Fabric FABRIC =
      Fabric.of(
          "two leaves",
          List.of(Node.leaf("leaf0"), Node.leaf("leaf1"), Node.gpu("gpu0"), Node.gpu("gpu1")),
          List.of(
              new Link(0, 1, gbps(100), us(1)),
              new Link(2, 0, gbps(100), us(1)),
              new Link(3, 1, gbps(100), us(1))));
  private static final Failover TEN_THEN_FIVE = new Failover(us(10), us(5));

  /** Moments of one state at one port, us; negative where it ends. */
  private static List<Long> moments(State state, int port, Fault... faults) {
    return FaultPlan.of(FABRIC, List.of(faults), TEN_THEN_FIVE).steps().stream()
        .filter(s -> s.state() == state && s.port() == port)
        .map(s -> s.timePs() / 1_000_000 * (s.value() > 0 ? 1 : -1))
        .toList();
  }

  @Test
  void aLinkIsDeadAtOnceThenNoticedThenAvoided() {
    Fault down = Fault.linkDown("leaf0", "leaf1").at(us(100)).until(us(200));
    assertEquals(List.of(100L, -200L), moments(State.DEAD, 0, down));
    assertEquals(List.of(100L, -200L), moments(State.DEAD, 1, down));
    assertEquals(List.of(110L, -210L), moments(State.NOTICED, 1, down));
    assertEquals(List.of(115L, -215L), moments(State.AVOIDED, 0, down));
  }

  @Test
  void whatIsShorterThanTheHoldTimeIsNotNoticed() {
    Fault down = Fault.linkDown(0).at(us(100));
    assertEquals(List.of(), moments(State.NOTICED, 0, down.until(us(110))));
    assertEquals(List.of(110L, -121L), moments(State.NOTICED, 0, down.until(us(111))));
    Fault flaps = Fault.flapping("leaf0", "leaf1").downFor(us(20)).every(us(25)).until(us(100));
    assertEquals(List.of(0L, -20L, 25L, -45L, 50L, -70L, 75L, -95L), moments(State.DEAD, 0, flaps));
    assertEquals(List.of(10L, -105L), moments(State.NOTICED, 0, flaps)); // never up for long
  }

  @Test
  void ofFaultsAtOnceTheWorstCounts() {
    Fault down = Fault.linkDown("leaf1", "leaf0").at(us(100)).until(us(200));
    Fault dies = Fault.switchReloads("leaf1").at(us(150)).until(us(300));
    assertEquals(List.of(100L, -300L), moments(State.DEAD, 0, down, dies));
    assertEquals(List.of(150L, -300L), moments(State.DEAD, 4, down, dies));
    var steps =
        FaultPlan.of(
                FABRIC,
                List.of(
                    Fault.optics("leaf0", "leaf1").bitErrorRate(1e-9).until(us(50)),
                    Fault.optics("leaf0", "leaf1").bitErrorRate(1e-6).at(us(20)).until(us(30))),
                TEN_THEN_FIVE)
            .steps();
    assertEquals(
        List.of(1e-9, 1e-6, 1e-9, 0.0),
        steps.stream().filter(s -> s.port() == 0).map(FaultStep::value).toList());
  }

  @Test
  void aSwitchThatIsUpgradedNoticesLater() {
    Fault down = Fault.linkDown(0).at(us(100));
    Fault upgrade = Fault.hitlessUpgrade("leaf0").at(us(90)).until(us(150));
    assertEquals(List.of(150L), moments(State.NOTICED, 0, down, upgrade));
    assertEquals(List.of(110L), moments(State.NOTICED, 1, down, upgrade));
    assertEquals(List.of(115L), moments(State.AVOIDED, 0, down, upgrade)); // leaf1 told the others
    assertEquals(List.of(), moments(State.NOTICED, 0, down.until(us(120)), upgrade));
  }

  @Test
  void anUpgradeIsToldThoughItStopsNothing() {
    Fault upgrade = Fault.hitlessUpgrade("leaf0").at(us(90)).until(us(150));
    var table = FaultPlan.of(FABRIC, List.of(upgrade), TEN_THEN_FIVE).table(us(200).ps());
    assertEquals(
        List.of("forwarded on, but its node heard of no link", "was heard of by its node again"),
        table.stringColumn("what happened").asList());
    assertEquals(List.of(90.0, 150.0), table.doubleColumn("time (us)").asList());
  }

  @Test
  void aStoppedGpuIsDeadButNotNoticedAStoppedNicIs() {
    assertEquals(List.of(7L), moments(State.DEAD, 3, Fault.gpuStops(0).at(us(7))));
    assertEquals(List.of(), moments(State.NOTICED, 3, Fault.gpuStops(0).at(us(7))));
    assertEquals(List.of(17L), moments(State.NOTICED, 3, Fault.nicStops(0).at(us(7))));
  }

  private static void refused(String reason, Fault fault) {
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> FaultPlan.of(FABRIC, List.of(fault), TEN_THEN_FIVE));
    assertTrue(refusal.getMessage().startsWith(reason), refusal.getMessage());
  }

  @Test
  void whatTheFabricDoesNotHaveIsRefused() {
    refused("two leaves has no node spine0", Fault.linkDown("leaf0", "spine0"));
    refused(
        "a link has two ends that a cable joins, but none joins gpu0 and leaf1: gpu0 is cabled to leaf0",
        Fault.linkDown("gpu0", "leaf1"));
    refused("gpu0 is no switch but a GPU", Fault.switchDies("gpu0"));
    refused("GPU 2 does not exist", Fault.nicStops(2));
    refused("link 3 does not exist", Fault.linkDown(3));
  }

  @Test
  void timesThatDoNotFitAreRefused() {
    refused("a fault ends after it began", Fault.linkDown(0).at(us(5)).until(us(5)));
    refused("\"leaf0 reloads\" has an end", Fault.switchReloads("leaf0"));
    refused("\"leaf0 is upgraded\" has an end", Fault.hitlessUpgrade("leaf0"));
    Fault flaps = Fault.flapping("leaf0", "leaf1").downFor(us(1)).every(us(2));
    refused("\"leaf0 - leaf1 flaps", flaps);
    refused("a link flaps at most 1,000 times", flaps.until(us(2001)));
    assertThrows(
        IllegalArgumentException.class,
        () -> Fault.flapping("leaf0", "leaf1").downFor(us(2)).every(us(2)));
    assertThrows(IllegalArgumentException.class, () -> Fault.slowHost(0, 1.0));
    assertThrows(
        IllegalArgumentException.class, () -> Fault.optics("leaf0", "leaf1").bitErrorRate(0));
  }
}
