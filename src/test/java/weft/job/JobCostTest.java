package weft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import weft.cluster.Server;
import weft.llm.Transformer;
import weft.parallel.ParallelPlan;

/** Hours, energy and the network at their prices. */
class JobCostTest {
  /**
   * DeepSeek-V3 (arXiv 2412.19437, table 1): 2.788 million H800 hours at 2 US$ are 5.576 million.
   */
  @Test
  void deepSeekV3CostsWhatItsReportSays() {
    double seconds = 2.788e6 * 3600 / 2048;
    var budget = new TokenBudget(14.8e12, 1, seconds, 2048, 0, 2048 * 700.0);
    assertEquals(5.576e6, budget.cost(Prices.usual()).rent(), 1);
    assertEquals(0.377, budget.cost(Prices.usual()).rentPerMillionTokens(), 1e-3);
  }

  /** 2.788 million hours at 700 W and PUE 1.54, where no server's power is known. */
  @Test
  void acceleratorsStandInForServersOfUnknownPower() {
    var budget = new TokenBudget(14.8e12, 1, 2.788e6 * 3600 / 2048, 2048, 0, 2048 * 700.0);
    var cost = budget.cost(Prices.usual());
    assertEquals(1.54 * 2.788e6 * 700 / 1e6, cost.megawattHours(), 1e-6);
    assertEquals(0.0806 * 1000 * cost.megawattHours(), cost.electricity(), 1e-6);
    assertTrue(cost.table().stringColumn(0).contains("electricity of accelerators, PUE 1.54"));
  }

  @Test
  void aJobPaysForItsDaysOfTheNetwork() {
    var job = Job.training(Transformer.LLAMA3_8B).plan(ParallelPlan.of(8)).globalBatch(8);
    var budget = job.run().forTokens(1e9);
    var cost = budget.cost(Prices.usual().network(1e6, 4));
    assertEquals(1e6 * budget.days() / (4 * 365.25), cost.network(), 1e-6);
    assertEquals(3, cost.table().rowCount());
    assertEquals(1.54 * budget.days() * 24 * 10_200 / 1e6, cost.megawattHours(), 1e-9);
  }

  @Test
  void ownPricesCount() {
    var job = Job.training(Transformer.LLAMA3_8B).plan(ParallelPlan.of(8)).globalBatch(8);
    var budget = job.on(1, Server.DGX_A100).run().forTokens(1e9);
    var prices = Prices.usual().gpuHour(4).kilowattHour(0.2).pue(1.1);
    assertEquals(4 * budget.gpuHours(), budget.cost(prices).rent(), 1e-9);
    assertEquals(0.2 * 1.1 * 0.4 * budget.gpuHours(), budget.cost(prices).electricity(), 1e-9);
  }

  @Test
  void aDataCentreNeedsAtLeastWhatItsComputersNeed() {
    var error = assertThrows(IllegalArgumentException.class, () -> Prices.usual().pue(0.9));
    assertEquals(
        "the PUE is 1 or more, but was 0.9: 1 is a data centre without cooling, 1.5 the average",
        error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Prices.usual().network(1, 0));
  }
}
