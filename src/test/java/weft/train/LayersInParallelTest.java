package weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.sgd;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import weft.fabric.Fabric;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.nn.Precision;
import weft.nn.Split;

/** Layers that look beyond a sample, and sequences, where workers share a batch. */
class LayersInParallelTest {
  private static final Fabric FABRIC = Fabric.leafSpine().servers(1, DGX_H100).build();
  private static final Split DIGITS =
      Datasets.digits().train().rows(IntStream.range(0, 200).toArray()).holdOut(0.3, 1);

  private static Training job(Network network, Split data) {
    return Training.of(network).on(data).batch(35).epochs(2).with(sgd(0.1));
  }

  @Test
  void dropoutDropsTheSameWhoeverComputesIt() {
    var net =
        Network.inputs(64)
            .dense(16, tanh())
            .dropout(0.5)
            .dense(10, softmax())
            .precision(Precision.FLOAT64)
            .loss(crossEntropy());
    var alone = job(net, DIGITS).run();
    var four = job(net, DIGITS).dataParallel(4).across(FABRIC).run();
    assertArrayEquals(alone.losses(), four.losses(), 1e-12);
    var loop = net.train(sgd(0.1)).on(DIGITS.train()).batch(35).epochs(2).shuffled(1).run();
    assertEquals(
        loop.losses()[1],
        (four.losses()[4] + four.losses()[5] + four.losses()[6] + four.losses()[7]) / 4,
        1e-12);
  }

  @Test
  void batchNormalisationMeasuresEachWorkersPart() {
    var net =
        Network.inputs(64)
            .dense(16, tanh())
            .batchNorm()
            .dense(10, softmax())
            .precision(Precision.FLOAT64)
            .loss(crossEntropy());
    var alone = job(net, DIGITS).run();
    var four = job(net, DIGITS).dataParallel(4).across(FABRIC).run();
    assertTrue(Math.abs(alone.losses()[0] - four.losses()[0]) > 1e-6);
    String fact = four.provenance().facts().get("batch normalisation");
    assertTrue(fact.startsWith("over each worker's part of a batch"), fact);
    assertFalse(alone.provenance().facts().containsKey("batch normalisation"));
    String told =
        assertThrows(
                IllegalArgumentException.class,
                () -> job(net, DIGITS).batch(8).dataParallel(8).across(FABRIC).run())
            .getMessage();
    assertEquals(
        "batchNorm() trains on at least 2 samples at once, whose spread it measures, but a share of a"
            + " batch has 1: use larger batches or fewer workers, or layerNorm()",
        told);
  }

  @Test
  void textIsLearnedInParts() {
    var text = Datasets.persuasion();
    var data = text.sequences(8).rows(IntStream.range(0, 80).toArray()).holdOut(0.25, 1);
    var net =
        Network.tokens(text.vocabulary(), 8)
            .embedding(8)
            .positions()
            .residual(b -> b.layerNorm().causalAttention(2))
            .dense(text.vocabulary(), softmax())
            .precision(Precision.FLOAT64)
            .loss(crossEntropy());
    var alone = job(net, data).batch(20).run();
    var four = job(net, data).batch(20).dataParallel(4).across(FABRIC).run();
    assertArrayEquals(alone.losses(), four.losses(), 1e-12);
    assertEquals(alone.testAccuracy(), four.testAccuracy());
    var strange = Network.tokens(4, 8).embedding(8).dense(text.vocabulary(), softmax());
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> job(strange.loss(crossEntropy()), data).batch(20).run())
            .getMessage()
            .contains("takes whole numbers from 0 to 3"));
  }
}
