package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.units.Units.kib;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weft.collective.AllGather;
import weft.collective.AllReduce;
import weft.collective.AllToAll;
import weft.collective.Barrier;
import weft.collective.Broadcast;
import weft.collective.Collective;
import weft.collective.Reduce;
import weft.collective.ReduceScatter;
import weft.collective.Schedule;
import weft.collective.SendReceive;
import weft.fabric.Fabric;

/** The packet engine carries every algorithm to its end. */
class EveryCollectiveTest {
  private static final Fabric TWO_SERVERS = Fabric.leafSpine().servers(2, DGX_H100).build();

  static Stream<Collective> collectives() {
    return Stream.of(
        AllReduce.ring(),
        AllReduce.ring().rails(8),
        AllReduce.ring().hierarchical(8),
        AllReduce.tree().chunked(kib(8)),
        AllReduce.doubleBinaryTree().chunked(kib(8)),
        AllReduce.halvingDoubling(),
        AllReduce.recursiveDoubling(),
        AllReduce.bruck(),
        AllReduce.parameterServer(2),
        AllGather.recursiveDoubling(),
        ReduceScatter.bruck(),
        Broadcast.scatterAllGather(),
        Reduce.chain().chunked(kib(8)),
        AllToAll.direct(),
        AllToAll.pairwise(),
        AllToAll.bruck(),
        AllToAll.hierarchical(8),
        Barrier.dissemination(),
        SendReceive.ring());
  }

  /** One message a transfer, with its bytes; none leaves before all it waits for have arrived. */
  @ParameterizedTest
  @MethodSource("collectives")
  void everyTransferIsSentOnceAndAfterAllItWaitsFor(Collective collective) {
    Schedule schedule = collective.schedule(16, 16 * 1024);
    List<Integer> order = new ArrayList<>();
    var run = new CollectiveRun(schedule, (r, transfer) -> order.add(transfer));
    boolean[] sent = new boolean[schedule.size()];
    boolean[] arrived = new boolean[schedule.size()];
    int done = 0;
    for (int rank = 15; rank >= 0; rank--) {
      done += run.ready(rank) ? 1 : 0;
    }
    for (int next = 0; next < order.size(); next++) {
      int t = order.get(next);
      assertTrue(!sent[t], "sent twice");
      sent[t] = true;
      for (int i = 0; i < schedule.waits(t); i++) {
        assertTrue(arrived[schedule.waitsFor(t, i)], "sent too early");
      }
      arrived[t] = true;
      done += run.arrived(t) ? 1 : 0;
    }
    assertEquals(schedule.size(), order.size());
    assertEquals(16, done, "every rank hears once that it has all");
    Run result = Experiment.on(TWO_SERVERS).run(collective.of(kib(64))).ranks(16).run();
    assertEquals(schedule.size(), result.flows().rowCount());
    assertEquals(
        4.0 * IntStream.range(0, schedule.size()).map(schedule::length).sum(),
        result.flows().longColumn("size (B)").sum(),
        0);
  }

  /** A barrier is not over while anyone has not come. */
  @Test
  void aBarrierWaitsForTheLast() {
    Schedule schedule = Barrier.dissemination().schedule(11, 1);
    List<Integer> order = new ArrayList<>();
    var run = new CollectiveRun(schedule, (r, transfer) -> order.add(transfer));
    int done = 0;
    for (int rank = 0; rank < 10; rank++) {
      done += run.ready(rank) ? 1 : 0;
    }
    int next = 0;
    for (; next < order.size(); next++) {
      done += run.arrived(order.get(next)) ? 1 : 0;
    }
    assertEquals(0, done);
    done += run.ready(10) ? 1 : 0;
    for (; next < order.size(); next++) {
      done += run.arrived(order.get(next)) ? 1 : 0;
    }
    assertEquals(11, done);
  }
}
