package weft.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.junit.jupiter.api.Test;
import weft.cluster.Accelerator;
import weft.cluster.Server;
import weft.fabric.Fabric;

/**
 * Max-min shares of random permutations over the paths that policies choose, against
 * loadbalancing.csv, PERM.8x8.*: 8 leaves x 8 spines x 8 hosts, mean and slowest inter-leaf flow.
 */
class PermutationThroughputTest {
  private static final int SEEDS = 200;
  private static final Server ONE_GPU = new Server("1 GPU", 1, Accelerator.H100, gbps(100));

  private final Fabric fabric =
      Fabric.leafSpine().servers(64, ONE_GPU).leafRadix(16).spines(8).nic(gbps(100)).build();

  private record Shares(SummaryStatistics mean, SummaryStatistics slowest) {}

  private Shares shares(LoadBalancing balancing) {
    var shares = new Shares(new SummaryStatistics(), new SummaryStatistics());
    for (int seed = 0; seed < SEEDS; seed++) {
      var to = new ArrayList<>(IntStream.range(0, 64).boxed().toList());
      Collections.shuffle(to, new Random(seed));
      var walk = new PathWalk(fabric, balancing, seed);
      int each = balancing.queuePairs().count();
      var paths = new ArrayList<int[]>();
      for (int gpu = 0; gpu < 64; gpu++) {
        if (gpu / 8 != to.get(gpu) / 8) {
          for (int qp = 0; qp < each; qp++) {
            paths.add(walk.path(gpu * each + qp, gpu, to.get(gpu)));
          }
        }
      }
      double[] rates = MaxMin.rates(paths.toArray(int[][]::new), 2 * fabric.links().size());
      var flows = new SummaryStatistics();
      for (int f = 0; f < rates.length; f += each) {
        flows.addValue(Arrays.stream(rates, f, f + each).sum());
      }
      shares.mean.addValue(flows.getMean());
      shares.slowest.addValue(flows.getMin());
    }
    return shares;
  }

  /** Within three standard errors of ours and theirs, and half a unit of their last digit. */
  private static void agree(double published, double theirError, SummaryStatistics ours) {
    double error =
        Math.hypot(theirError, ours.getStandardDeviation() / Math.sqrt((double) ours.getN()));
    assertEquals(published, ours.getMean(), 3 * error + 0.005);
  }

  @Test
  void hashedPermutationsGetThePublishedShares() {
    Shares ecmp = shares(Ecmp.fiveTuple());
    agree(0.56, 0.005, ecmp.mean);
    agree(0.28, 0.005, ecmp.slowest);
  }

  @Test
  void eightQueuePairsCloseMostOfTheGap() {
    Shares eight = shares(Ecmp.queuePairs(8));
    agree(0.95, 0.005, eight.mean);
    agree(0.73, 0.005, eight.slowest);
  }

  /**
   * A three-tier fat-tree of k = 8. With one hash seed an aggregation switch gets only flows whose
   * hash sent them to it, so all go on by one of its four cores: of 16 cores each pod uses 4.
   */
  @Test
  void oneHashSeedLeavesMostCoresIdle() {
    Fabric tree = Fabric.fatTree().k(8).build();
    assertEquals(4, coresUsed(tree, Ecmp.fiveTuple().hashSeed(42)));
    assertTrue(coresUsed(tree, Ecmp.fiveTuple()) >= 15);
  }

  private static long coresUsed(Fabric tree, LoadBalancing balancing) {
    var walk = new PathWalk(tree, balancing, 1);
    var routes = Routes.of(tree);
    return IntStream.range(0, 512)
        .map(flow -> routes.endOf(walk.path(flow, flow % 16, 64 + flow % 64)[2]))
        .distinct()
        .count();
  }
}
