package weft.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.gelu;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.softmax;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.sgd;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import weft.nn.compute.Peers;

/** A backward pass in two parts comes to what one in one part comes to. */
class SplitBackwardTest {
  private static final int ROWS = 4;
  private static final int[] INDICES = IntStream.range(0, 2 * ROWS).toArray();

  private static final Network PRODUCTS =
      Network.inputs(6).dense(12, gelu()).dense(3, softmax()).loss(crossEntropy());

  private static Network reader() {
    return Network.tokens(8, 6)
        .embedding(8)
        .residual(r -> r.layerNorm().causalAttention(2))
        .residual(r -> r.layerNorm().dense(16, gelu()).dense(8, identity()))
        .lastStep()
        .dense(3, softmax())
        .loss(crossEntropy());
  }

  private static Dataset tokens() {
    var random = new Random(5);
    double[][] inputs = new double[2 * ROWS][6];
    int[] classes = new int[inputs.length];
    for (int row = 0; row < inputs.length; row++) {
      inputs[row] = random.ints(6, 0, 8).asDoubleStream().toArray();
      classes[row] = random.nextInt(3);
    }
    return Dataset.of(inputs, classes);
  }

  private static PartReplica split(Network network) {
    return NetworkPart.of(network).splitReplica(sgd(0.5), ROWS, Peers.NONE);
  }

  private static Network trained(Network network, PartReplica replica) {
    replica.step();
    return PartReplica.assembled(network, List.of(replica));
  }

  @Test
  void gradientsOfWeightsAreNotThereBeforeTheirPass() {
    var network = PRODUCTS.precision(Precision.FLOAT64);
    var replica = split(network);
    replica.forward(0, tokens(), INDICES, 0, ROWS);
    replica.backwardToInputs(0, ROWS);
    assertEquals(0, trained(network, replica).largestDifference(network));
  }

  /** Two micro-batches go back to the inputs before the first comes to its weights. */
  @Test
  void anotherMicroBatchMayComeBetweenTheParts() {
    for (Network network : List.of(PRODUCTS, reader(), reader().precision(Precision.FLOAT64))) {
      var whole = NetworkPart.of(network).replica(sgd(0.5), ROWS, Peers.NONE);
      for (int microBatch = 0; microBatch < 2; microBatch++) {
        int from = microBatch * ROWS;
        whole.forward(microBatch, tokens(), INDICES, from, from + ROWS);
        whole.backward(microBatch, 2 * ROWS);
      }
      var parts = split(network);
      parts.forward(0, tokens(), INDICES, 0, ROWS);
      parts.forward(1, tokens(), INDICES, ROWS, 2 * ROWS);
      parts.backwardToInputs(0, 2 * ROWS);
      parts.backwardToInputs(1, 2 * ROWS);
      parts.backwardToWeights(0);
      parts.backwardToWeights(1);
      var learned = trained(network, whole);
      assertEquals(0, learned.largestDifference(trained(network, parts)), network.toString());
      assertTrue(learned.largestDifference(network) > 0, "nothing was learned");
    }
  }
}
