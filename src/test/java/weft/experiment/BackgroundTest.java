package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.experiment.Incast.incast;
import static weft.units.Units.gbps;
import static weft.units.Units.kb;
import static weft.units.Units.mb;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weft.cluster.Server;
import weft.collective.AllReduce;
import weft.fabric.Fabric;
import weft.fault.Fault;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;
import weft.transport.Scheduling;
import weft.units.Time;

/** Traffic of others beside what is measured. */
class BackgroundTest {
  private static final Server HOST =
      new Server("host", 1, Server.DGX_H100.accelerator(), gbps(100));
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(16, HOST).leafPorts(8, 8).spines(8).cable(us(1)).build();

  /** Without congestion control, so that packets share as first come, first served does. */
  private static Experiment on(Fidelity fidelity) {
    return Experiment.on(FABRIC)
        .over(RoceV2.lossless(CongestionControl.none()))
        .ranks(8)
        .at(fidelity);
  }

  /** From GPU 12 to where the ring of ranks 0 to 7 sends too, longer than that takes. */
  private static Background stream() {
    return Traffic.of(new Flow(12, 3, mb(200), Time.ZERO)).every(us(1));
  }

  private static double micros(Experiment experiment) {
    return experiment.run().completion().micros();
  }

  /** A ring is as fast as its slowest link, of which the stream takes half. */
  @ParameterizedTest
  @EnumSource(names = {"PACKETS", "FLOWS"})
  void whereOthersTakeHalfALinkARingTakesTwiceAsLong(Fidelity fidelity) {
    Experiment ring = on(fidelity).run(AllReduce.ring().of(mb(32)));
    double alone = micros(ring);
    double latency = 2 * 7 * 2.4; // us: two cables, a switch and a packet a step, which stay
    double shared = micros(ring.sharing(stream()));
    assertEquals(2, (shared - latency) / (alone - latency), 0.05);
  }

  /** 100 KB in 8 us of each 80: a tenth of the link, and of what was left of the time. */
  @ParameterizedTest
  @EnumSource(names = {"PACKETS", "FLOWS"})
  void burstsTakeTheirPartOfTheTime(Fidelity fidelity) {
    Experiment flow = on(fidelity).run(Traffic.of(new Flow(0, 3, mb(10), Time.ZERO)));
    Background tenth = Traffic.of(new Flow(12, 3, kb(100), Time.ZERO)).every(us(80));
    assertEquals(1 / 0.9, micros(flow.sharing(tenth)) / micros(flow), 0.02);
  }

  @ParameterizedTest
  @EnumSource(names = {"PACKETS", "FLOWS"})
  void othersAreInTheCountersButNotInTheTable(Fidelity fidelity) {
    Run run = on(fidelity).run(AllReduce.ring().of(mb(4))).sharing(stream()).run();
    assertEquals(8 * 14, run.flows().rowCount());
    assertEquals(0, run.flows().column("acknowledged (us)").countMissing());
    var sender =
        run.networkLoad().ports().stream().filter(p -> p.name().equals("gpu12>leaf1")).findFirst();
    assertTrue(sender.orElseThrow().bytes() > 1_000_000, run.toString());
    assertTrue(run.summary().contains("beside"), run.summary());
    assertEquals("flows", run.provenance().facts().get("background"));
  }

  /** Incasts into rank 0's GPU come from GPUs without a rank, the same at both fidelities. */
  @Test
  void anIncastComesFromIdleGpus() {
    for (Fidelity fidelity : new Fidelity[] {Fidelity.PACKETS, Fidelity.FLOWS}) {
      Experiment ring = on(fidelity).run(AllReduce.ring().of(mb(4)));
      Run run = ring.sharing(incast(4, mb(1), us(400))).run();
      assertTrue(run.completion().ps() > 1.2 * ring.run().completion().ps(), run.toString());
      assertEquals(
          "incast of 4 x 1 MB every 400 us into GPU 0", run.provenance().facts().get("background"));
      long senders =
          run.networkLoad().ports().stream()
              .filter(p -> p.name().matches("gpu(8|9|1\\d)>leaf1") && p.bytes() > 1_000_000)
              .count();
      assertEquals(4, senders);
    }
  }

  /** Beside traffic too, in classes of their own: where the first goes first, nothing is lost. */
  @ParameterizedTest
  @EnumSource(names = {"PACKETS", "FLOWS"})
  void whatGoesFirstDoesNotNoticeOthers(Fidelity fidelity) {
    Traffic training = Traffic.of(new Flow(0, 3, mb(10), Time.ZERO)).inClass("training");
    Traffic storage = Traffic.of(new Flow(12, 3, mb(1), Time.ZERO)).inClass("storage");
    Experiment alone =
        on(fidelity).scheduling(Scheduling.strict("training", "storage")).run(training);
    assertEquals(1, micros(alone.sharing(storage.every(us(1)))) / micros(alone), 0.03);
  }

  /** What is stuck for ever is told, and others do not go on for ever. */
  @ParameterizedTest
  @EnumSource(names = {"PACKETS", "FLOWS"})
  void aRunThatIsStuckEndsAllTheSame(Fidelity fidelity) {
    Experiment cut =
        on(fidelity)
            .run(AllReduce.ring().of(mb(4)))
            .sharing(Traffic.of(new Flow(12, 13, mb(1), Time.ZERO)).every(us(1)))
            .during(Fault.linkDown("gpu5", "leaf0").at(us(10)));
    String message = assertThrows(IllegalStateException.class, cut::run).getMessage();
    assertTrue(message.contains("have not arrived"), message);
  }

  @Test
  void closedFormsRefuseAndSayWhy() {
    Experiment closed = on(Fidelity.ANALYTIC).run(AllReduce.ring().of(mb(4))).sharing(stream());
    assertEquals(
        "sharing(...) is about what changes in time, which closed forms do not know: leave it out, write at(flows()) or at(packets()), or compare(packets(), flows()) in place of atEveryFidelity()",
        assertThrows(IllegalArgumentException.class, closed::run).getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> Traffic.of(new Flow(0, 1, mb(1), Time.ZERO)).every(us(0)));
    Experiment nobody =
        on(Fidelity.FLOWS)
            .run(AllReduce.ring().of(mb(4)))
            .sharing(Traffic.of(new Flow(0, 99, mb(1), Time.ZERO)).every(us(1)));
    assertThrows(IllegalArgumentException.class, nobody::run);
  }
}
