package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.mb;
import static weft.units.Units.ns;
import static weft.units.Units.us;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weft.cluster.Placement;
import weft.collective.AllGather;
import weft.collective.AllReduce;
import weft.collective.Collective;
import weft.collective.ReduceScatter;
import weft.collective.Rounds;
import weft.collective.Schedule;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.routing.Spray;
import weft.units.DataSize;

/** Rounds that repeat, against all of them simulated. */
class RoundsTest {
  private static final Fabric TREE = Fabric.fatTree().k(8).nic(gbps(100)).cable(us(1)).build();
  private static final Fabric STAR = Fabric.drawn("gpu[0-23] --100G 1us-- s");
  private static final Fabric RAILS =
      Fabric.railOptimized().servers(8, DGX_H100).leafRadix(64).nic(gbps(400)).build();

  private static Experiment[] experiments() {
    return new Experiment[] {
      on(STAR, AllReduce.ring(), 24 * 40_000),
      on(TREE, AllReduce.ring(), 128 * 20_000).balancing(Ecmp.fiveTuple()),
      on(TREE, AllGather.ring(), 128 * 8),
      on(TREE, ReduceScatter.ring(), 128 * 50_000).placed(Placement.scattered(3)),
      on(RAILS, AllReduce.ring(), 64 * 100_000),
    };
  }

  private static Experiment on(Fabric fabric, Collective collective, int elements) {
    return Experiment.on(fabric).run(collective.of(bytes(4.0 * elements))).at(Fidelity.flows());
  }

  private static Run repeated(Experiment experiment) {
    var setup = new Setup(experiment);
    var collective = Objects.requireNonNull(experiment.collective);
    Rounds rounds =
        collective.collective().rounds(experiment.ranks, collective.elements()).orElseThrow();
    return new RoundsRun(setup, rounds).run();
  }

  /** All parts are equal here; a ten-thousandth is for ranks that never get into step. */
  @ParameterizedTest
  @MethodSource("experiments")
  void theyEndWhenAllOfThemSimulatedEnd(Experiment experiment) {
    Run all = experiment.run();
    Run some = repeated(experiment);
    assertEquals(1, (double) some.completion().ps() / all.completion().ps(), 1e-4);
    assertEquals(1, some.goodput() / all.goodput(), 1e-4);
    for (int port = 0; port < all.networkLoad().ports().size(); port++) {
      long before = all.networkLoad().ports().get(port).bytes();
      assertTrue(Math.abs(before - some.networkLoad().ports().get(port).bytes()) <= 1);
    }
  }

  @Test
  void onAnIdleStarTheThirdRoundIsKnown() {
    Run run = repeated(on(STAR, AllReduce.ring(), 24 * 40_000));
    assertTrue(run.flows().rowCount() <= 5 * 24, run.flows().rowCount() + " messages");
    assertTrue(run.provenance().toString().contains("46, of which"), run.provenance().toString());
  }

  /** A schedule that says nothing of rounds, and the same by a recurrence: 1,064,960 messages. */
  @Test
  void closedFormsOfRoundsAreThoseOfAllTheirTransfers() {
    AllReduce listed =
        AllReduce.custom(
            "listed ring",
            b -> b.include(AllReduce.ring().schedule(b.ranks(), b.elements()), 0, r -> r, 0));
    Fabric fabric = Fabric.fatTree().k(16).nic(gbps(100)).cable(us(1)).build();
    Experiment on = Experiment.on(fabric).ranks(730).at(Fidelity.analytic());
    DataSize size = bytes(4.0 * 730 * 5_000);
    Run all = on.run(listed.of(size)).run();
    Run some = on.run(AllReduce.ring().of(size)).run();
    assertEquals(all.completion(), some.completion());
    assertEquals(all.goodput(), some.goodput(), 1e-9);
    assertEquals("1,458, all as the first", some.provenance().facts().get("rounds"));
    for (int port = 0; port < all.networkLoad().ports().size(); port++) {
      assertEquals(
          all.networkLoad().ports().get(port).bytes(),
          some.networkLoad().ports().get(port).bytes());
    }
  }

  /** Rounds say in three numbers what a schedule lists. */
  @Test
  void aRingsRoundsAreThoseOfItsSchedule() {
    for (Collective ring :
        new Collective[] {AllReduce.ring(), AllGather.ring(), ReduceScatter.ring()}) {
      for (int ranks = 2; ranks <= 9; ranks++) {
        Schedule schedule = ring.plan(ranks, 5 * ranks);
        Rounds rounds = ring.rounds(ranks, 5 * ranks).orElseThrow();
        assertEquals(schedule.size(), rounds.transfers());
        for (int t = 0; t < schedule.size(); t++) {
          assertEquals(rounds.to(schedule.from(t)), schedule.to(t));
          assertEquals(rounds.elements(), schedule.length(t));
        }
      }
      assertTrue(ring.rounds(8, 7).isEmpty(), "some parts are empty");
      assertTrue(ring.rounds(1, 7).isEmpty());
    }
  }

  /**
   * Neighbours below one switch, in one pod and in another are 2, 4 and 6 links apart, so that
   * ranks never get into step; all that they share are acknowledgements' bits.
   */
  @Test
  void messagesThatDoNotHoldEachOtherUpAreNotSimulatedAgain() {
    for (int elements : new int[] {128 * 500, 128 * 20_000, 128 * 500_000}) {
      var experiment = on(TREE, AllReduce.ring(), elements).balancing(Spray.perPacket());
      Run all = experiment.run();
      Run some = repeated(experiment);
      assertTrue(some.flows().rowCount() <= 6 * 128, some.flows().rowCount() + " messages");
      assertEquals(1, (double) some.completion().ps() / all.completion().ps(), 0.001);
    }
  }

  /** 2(N-1) rounds of 976,564 B: a message's bits, then the last packet's at the second hop. */
  @Test
  void aThousandRanksTakeWhatTheClosedFormSays() {
    Fabric fabric = Fabric.drawn("gpu[0-1023] --100G 1us-- s").switchLatency(ns(0));
    Run run = Experiment.on(fabric).run(AllReduce.ring().of(mb(1_000))).at(Fidelity.flows()).run();
    long rows = run.flows().rowCount();
    assertTrue(rows < 10 * 1024, rows + " messages");
    double round = run.completion().ps() / 2046.0;
    long payload = 4 * ((250_000_000L + 1023) / 1024);
    long wire = payload + (payload + 4095) / 4096 * 82 + 16;
    double acknowledged = 86.0 / 4178; // of the data on the same cable
    double first = wire * 80.0 * (1 + acknowledged);
    assertEquals(1.0, round / (first + 4178 * 80.0 + 2e6), 1e-3);
  }
}
