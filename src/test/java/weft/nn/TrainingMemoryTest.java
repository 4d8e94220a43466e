package weft.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.gelu;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.sgd;

import org.junit.jupiter.api.Test;
import weft.cluster.Accelerator;

/** Bytes and operations of a training step, by hand. */
class TrainingMemoryTest {
  private static Network net(int hidden) {
    return Network.inputs(64).dense(hidden, relu()).dense(10, softmax()).loss(crossEntropy());
  }

  @Test
  void theSumIsThatOfItsParts() {
    long parameters = 64 * 128 + 128 + 128 * 10 + 10;
    var plain = net(128).memory(512, sgd(0.1));
    assertEquals(4 * parameters, plain.weights().bytes());
    assertEquals(4 * parameters, plain.gradients().bytes());
    assertEquals(0, plain.optimizerState().bytes());
    assertEquals(4 * 512 * (64 + 128 + 10), plain.activations().bytes());
    assertEquals(8 * parameters + 4 * 512 * 202, plain.total().bytes());
    var momentum = net(128).memory(512, sgd(0.1).momentum(0.9));
    assertEquals(4 * parameters, momentum.optimizerState().bytes());
    var exact = net(128).precision(Precision.FLOAT64).memory(512, sgd(0.1));
    assertEquals(2 * plain.total().bytes(), exact.total().bytes());
  }

  @Test
  void theTableHasARowALayerAndTheSum() {
    var table = net(128).memory(512, sgd(0.1).momentum(0.9)).table();
    assertEquals(4, table.rowCount());
    assertEquals("sum", table.stringColumn("layer").get(3));
    assertEquals(64 * 128 + 128, table.longColumn("parameters").get(1));
    assertEquals(4 * (64 * 128 + 128 + 128 * 10 + 10), table.longColumn("optimiser (B)").get(3));
    assertEquals(2 * 64 * 128 * 512 / 1e6, table.doubleColumn("forward pass (MFLOP)").get(1));
  }

  @Test
  void aStepTakesSixOperationsAWeightAndSample() {
    assertEquals(6 * (64 * 128 + 128 * 10) * 512L, net(128).memory(512, sgd(0.1)).flops());
  }

  @Test
  void whetherItFitsIsAnsweredWithTheArithmetic() {
    var fits = Accelerator.H100.fits(net(128).memory(512, sgd(0.1)));
    assertTrue(fits.fits());
    assertEquals(
        "38.44 kB of weights + 38.44 kB of gradient + 0 B of optimiser state + 413.7 kB of activations"
            + " for a batch of 512 = 490.6 kB, which fits into the 80 GB of H100 SXM with 80 GB to spare",
        fits.toString());
    var small = new Accelerator("toy", 1e9, 1, 1e9, 100_000, Accelerator.H100.scaleUp());
    var batchTooLarge = small.fits(net(128).memory(512, sgd(0.1)));
    assertFalse(batchTooLarge.fits());
    assertTrue(
        batchTooLarge.toString().endsWith("kB too much, so lower the batch"),
        batchTooLarge::toString);
    var hopeless = small.fits(net(1024).memory(1, sgd(0.1)));
    assertTrue(hopeless.toString().endsWith("too much, whatever the batch"), hopeless::toString);
  }

  /**
   * A layer of a transformer keeps s·b·h·(34 + 5·a·s/h) bytes in two-byte numbers: Korthikanti et
   * al., Reducing Activation Recomputation in Large Transformer Models, MLSys 2023, equation 1.
   * Without its three dropouts, whose masks and outputs are 2·s·b·h and 3·a·s²·b of them, that is
   * 32·s·b·h + 2·a·s²·b.
   */
  @Test
  void aTransformersLayerKeepsWhatItsPaperCounts() {
    int steps = 16;
    int width = 24;
    int heads = 3;
    int batch = 5;
    var plain = Network.tokens(7, steps).embedding(width).precision(Precision.BFLOAT16);
    var block =
        plain
            .residual(b -> b.layerNorm().attention(heads))
            .residual(b -> b.layerNorm().dense(4 * width, gelu()).dense(width, identity()));
    long layer =
        kept(block.dense(7, softmax()).loss(crossEntropy()), batch)
            - kept(plain.dense(7, softmax()).loss(crossEntropy()), batch);
    assertEquals(32L * steps * batch * width + 2L * heads * steps * steps * batch, layer);
  }

  @Test
  void anLstmKeepsItsGatesAndCellsAndCausalAttentionHalfTheWeights() {
    var sequence = Network.tokens(7, 4).embedding(6);
    long outputs = 4 * (4 + 4 * 6 + 4 * 2);
    var lstm = sequence.lstm(5).dense(2, softmax()).loss(crossEntropy());
    assertEquals(outputs + 4 * 4 * 5 * (4 + 2 + 1), kept(lstm, 1));
    var causal = sequence.causalAttention(2).dense(2, softmax()).loss(crossEntropy());
    assertEquals(outputs + 4 * (5 * 4 * 6 + 2 * (1 + 2 + 3 + 4)), kept(causal, 1));
  }

  @Test
  void aResidualKeepsBothItsSumAndWhatARampNeeds() {
    var line = Network.inputs(3).residual(b -> b.dense(3, identity())).dense(2, softmax());
    var ramp = Network.inputs(3).residual(b -> b.dense(3, relu())).dense(2, softmax());
    assertEquals(4 * (3 + 3 + 2), kept(line.loss(crossEntropy()), 1));
    assertEquals(4 * (3 + 3 + 3 + 2), kept(ramp.loss(crossEntropy()), 1));
  }

  private static long kept(Network network, int batch) {
    return network.memory(batch, sgd(0.1)).activations().bytes();
  }

  @Test
  void refusalsTeach() {
    assertEquals(
        "batch must be at least 1, but was 0: write for example memory(512, sgd(0.1))",
        Refusal.of(() -> net(3).memory(0, sgd(0.1))));
  }
}
