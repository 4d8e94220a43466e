package weft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Losses.squaredError;
import static weft.units.Units.gbps;

import org.junit.jupiter.api.Test;
import weft.cluster.Accelerator;
import weft.nn.Network;

/**
 * What a pass reads and writes, counted by hand for an accelerator that only its memory holds back.
 */
class ComputeModelTest {
  /** A byte a picosecond. */
  private static final Accelerator MEMORY =
      new Accelerator("memory", 1e30, 1, 1e12, 1_000_000_000L, gbps(100));

  private static long passes(Network net, int samples) {
    return new ComputeModel(net.costs(), 4L * net.inputs(), MEMORY, 16, null, samples)
        .passes(samples, 1);
  }

  @Test
  void aDenseLayerReadsItsInputsAndWeightsAndWritesItsOutputs() {
    Network net = Network.inputs(100).dense(200, relu()).loss(squaredError());
    long weights = 4 * (100 * 200 + 200);
    assertEquals(3 * (weights + 10 * 4 * (100 + 200)), passes(net, 10));
  }

  @Test
  void whatLiesInsideAResidualBlockIsWrittenAndRead() {
    Network net =
        Network.inputs(100)
            .residual(block -> block.dense(300, relu()).dense(100, identity()))
            .loss(squaredError());
    long weights = 4 * (100 * 300 + 300 + 300 * 100 + 100);
    long inside = 300; // the second product adds its sums to the input as it writes them
    assertEquals(3 * (weights + 10 * 4 * (100 + 2 * inside + 100)), passes(net, 10));
  }
}
