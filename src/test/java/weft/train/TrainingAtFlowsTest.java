package weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Placement.scattered;
import static weft.cluster.Server.DGX_H100;
import static weft.collective.GradientExchange.topK;
import static weft.experiment.Fidelity.analytic;
import static weft.experiment.Fidelity.flows;
import static weft.experiment.Incast.incast;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.train.Synchrony.asynchronous;
import static weft.train.Synchrony.localSgd;
import static weft.units.Units.kib;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import java.util.List;
import org.junit.jupiter.api.Test;
import weft.collective.AllReduce;
import weft.engine.packet.PortCounters;
import weft.experiment.Traffic;
import weft.fabric.Fabric;
import weft.fault.Fault;
import weft.nn.Datasets;
import weft.nn.Network;

/**
 * Training over links that are shared fairly, in place of packets: the same job, almost as long.
 */
class TrainingAtFlowsTest {
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(8, DGX_H100).leafRadix(16).build();

  private static final Training JOB =
      Training.of(
              Network.inputs(64)
                  .dense(512, relu())
                  .dense(10, softmax())
                  .init(he(1))
                  .loss(crossEntropy()))
          .on(Datasets.digits())
          .batch(512)
          .dataParallel(16)
          .across(FABRIC)
          .placed(scattered(7))
          .computing(us(100));

  private static double bytes(History history) {
    return history.networkLoad().orElseThrow().ports().stream()
        .mapToLong(PortCounters::bytes)
        .sum();
  }

  /** Workers that exchange together learn the same bits; what travels and how long is alike. */
  @Test
  void flowsAndPacketsAgree() {
    for (Training job :
        List.of(
            JOB,
            JOB.exchanging(AllReduce.doubleBinaryTree().buckets(kib(64)).overlapped()),
            JOB.exchanging(topK(0.02)),
            JOB.synchronising(localSgd(4)).jitter(0.1))) {
      History packets = job.run();
      History flows = job.at(flows()).run();
      String told = job.exchange + ": " + flows + "; " + packets;
      assertArrayEquals(packets.losses(), flows.losses(), told);
      assertEquals(1, flows.completion().micros() / packets.completion().micros(), 0.03, told);
      assertEquals(1, bytes(flows) / bytes(packets), 0.03, told);
      assertEquals("flows", flows.provenance().facts().get("fidelity"));
    }
  }

  /** Asynchronous gradients may come in another order, so only about as much is learned. */
  @Test
  void aParameterServerIsReachedByFlowsToo() {
    Training job = JOB.epochs(6).jitter(0.2).throttled(3, 0.3).synchronising(asynchronous());
    History packets = job.run();
    History flows = job.at(flows()).run();
    assertEquals(packets.testAccuracy(), flows.testAccuracy(), 0.03);
    assertEquals(1, flows.completion().micros() / packets.completion().micros(), 0.1);
    assertArrayEquals(flows.losses(), job.at(flows()).run().losses());
  }

  /** Bursts take their fair share of a link; that they fill its queue is left to packets. */
  @Test
  void anIncastTakesItsShareAndNoMore() {
    Training shared = JOB.sharing(incast(8, mib(4), us(200)));
    double idle = JOB.at(flows()).run().completion().micros();
    double busy = shared.at(flows()).run().completion().micros();
    double queued = shared.run().completion().micros();
    assertTrue(
        idle < busy && busy < queued,
        "%s us idle, %s us shared, %s us in queues".formatted(idle, busy, queued));
  }

  /** Any flows can be beside a training: it takes longer and learns the same. */
  @Test
  void othersTakeTheirShareOfATraining() {
    History idle = JOB.at(flows()).run();
    Training beside = JOB.sharing(Traffic.permutation(64, mib(64), 1).every(us(10)));
    History busy = beside.at(flows()).run();
    assertTrue(busy.completion().ps() > 1.02 * idle.completion().ps(), busy + "\n" + idle);
    assertArrayEquals(idle.losses(), busy.losses());
  }

  /** The ring waits for its slowest rank; what is learned stays the same. */
  @Test
  void aSlowHostHoldsUpTheRingAsItDoesWithPackets() {
    History healthy = JOB.at(flows()).run();
    String gpus = healthy.provenance().facts().get("GPU of each rank");
    int gpu = Integer.parseInt(gpus.substring(1, gpus.indexOf(',')));
    Training slow = JOB.during(Fault.slowHost(gpu, 0.1));
    History flows = slow.at(flows()).run();
    double packets = slow.run().completion().micros();
    assertEquals(packets, flows.completion().micros(), 0.1 * packets);
    assertTrue(flows.completion().ps() > healthy.completion().ps());
    assertArrayEquals(healthy.losses(), flows.losses());
  }

  @Test
  void refusalsSayWhatToWrite() {
    assertEquals(
        "pauseStorm(...) is about packets, but the experiment is at flows, where there are none:"
            + " leave it out, or write at(packets())",
        refusal(JOB.at(flows()).during(Fault.pauseStorm(1))));
    assertEquals(
        "closed forms know no moment at which a worker goes on, so a job does not run at analytic:"
            + " write at(flows()) or at(packets())",
        refusal(JOB.at(analytic())));
  }

  private static String refusal(Training job) {
    return assertThrows(IllegalArgumentException.class, job::run).getMessage();
  }
}
