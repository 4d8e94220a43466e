package weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.softmax;
import static weft.nn.Losses.crossEntropy;

import java.util.Random;
import java.util.function.UnaryOperator;
import weft.nn.Dataset;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.nn.NetworkBuilder;
import weft.nn.Optimizer;
import weft.nn.Replica;

/** What a plan's execution must come to: training on one GPU, by the code that has no parts. */
final class OneGpu {
  private OneGpu() {}

  /** Digits learned batch by batch on one replica, as the run did with seed 1. */
  static void assertLearns(
      Network network,
      Optimizer optimizer,
      int batch,
      int steps,
      ParallelRun run,
      double tolerance) {
    assertLearns(network, Datasets.digits().train(), optimizer, batch, steps, run, tolerance);
  }

  static void assertLearns(
      Network network,
      Dataset data,
      Optimizer optimizer,
      int batch,
      int steps,
      ParallelRun run,
      double tolerance) {
    var batches = Batches.of(data, batch, steps, 1);
    var replica = Replica.of(network, optimizer);
    double[] losses = new double[steps];
    for (int step = 0; step < steps; step++) {
      int from = step * batch;
      losses[step] = replica.backward(data, batches.rows(), from, from + batch, batch) / batch;
      replica.step();
    }
    assertArrayEquals(losses, run.losses(), tolerance);
    double difference = replica.network().largestDifference(run.network());
    assertTrue(difference <= tolerance, "weights differ by " + difference);
    assertTrue(losses[steps - 1] < losses[0], "nothing was learned");
  }

  /** Every byte that was counted is in the formula. */
  static void assertCountsAreFormulas(ParallelRun run) {
    var table = run.table();
    double[] counted = table.doubleColumn("sent by a GPU (B/step)").asDoubleArray();
    double[] formula = table.doubleColumn("by the formula (B/step)").asDoubleArray();
    for (int row = 0; row < counted.length; row++) {
      assertEquals(formula[row], counted[row], 1e-9 * formula[row], table.row(row).toString());
    }
  }

  /** Sequences of six tokens below 8, whose class is their sum modulo 3. */
  static Dataset sentences() {
    var random = new Random(11);
    double[][] tokens = new double[200][6];
    int[] classes = new int[tokens.length];
    for (int row = 0; row < tokens.length; row++) {
      int sum = 0;
      for (int i = 0; i < 6; i++) {
        tokens[row][i] = random.nextInt(8);
        sum += (int) tokens[row][i];
      }
      classes[row] = sum % 3;
    }
    return Dataset.of(tokens, classes);
  }

  /** A network that reads {@link #sentences} by some equal blocks of width 8. */
  static Network reader(UnaryOperator<NetworkBuilder> block, int blocks) {
    var builder = Network.tokens(8, 6).embedding(8).positions();
    for (int i = 0; i < blocks; i++) {
      builder = block.apply(builder);
    }
    return builder.layerNorm().lastStep().dense(3, softmax()).loss(crossEntropy());
  }
}
