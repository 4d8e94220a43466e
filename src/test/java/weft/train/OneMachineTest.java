package weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.sgd;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weft.nn.Dataset;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.nn.Precision;
import weft.nn.Split;

/** A cluster of one worker and this machine alone learn the same. */
class OneMachineTest {
  @ParameterizedTest
  @EnumSource
  void oneWorkerOfAClusterLearnsTheSameBits(Precision precision) {
    var net =
        Network.inputs(64)
            .dense(32, relu())
            .dense(10, softmax())
            .init(he(1))
            .precision(precision)
            .loss(crossEntropy());
    Split digits = Datasets.digits();
    var optimizer = sgd(0.1).momentum(0.9);
    var cluster = Training.of(net).on(digits).batch(100).epochs(2).with(optimizer).seed(5).run();
    var alone =
        net.train(optimizer).on(digits.train()).batch(100).epochs(2).shuffled(5).threads(2).run();
    assertArrayEquals(
        cluster.network().table().doubleColumn("value").asDoubleArray(),
        alone.network().table().doubleColumn("value").asDoubleArray());
    assertEquals(cluster.steps(), alone.steps());
  }

  @Test
  void aClusterIsRefusedNumbersToPredict() {
    var data = Dataset.of(new double[][] {{1}, {2}}, new double[][] {{1}, {2}});
    var job =
        Training.of(Network.inputs(1).dense(1, relu()).loss(squaredError()))
            .on(new Split(data, data))
            .batch(2);
    var refusal =
        org.junit.jupiter.api.Assertions.assertThrows(IllegalArgumentException.class, job::run);
    assertTrue(String.valueOf(refusal.getMessage()).endsWith("use network.train(...).on(data)"));
  }
}
