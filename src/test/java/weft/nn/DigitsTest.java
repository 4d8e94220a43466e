package weft.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.sgd;

import org.apache.commons.math3.random.RandomDataGenerator;
import org.junit.jupiter.api.Test;
import weft.report.Picture;
import weft.sim.RandomStreams;

/** A real task: handwritten digits of writers the network has never seen. */
class DigitsTest {
  private final Network net =
      Network.inputs(64).dense(128, relu()).dense(10, softmax()).init(he(1)).loss(crossEntropy());

  @Test
  void twentyEpochsReadTheDigitsOfOtherWriters() {
    var digits = Datasets.digits();
    var replica = Replica.of(net, sgd(0.1).momentum(0.9));
    var shuffle = new RandomDataGenerator(new RandomStreams(1).named("shuffle"));
    for (int epoch = 0; epoch < 20; epoch++) {
      int[] rows = shuffle.nextPermutation(digits.train().size(), digits.train().size());
      for (int at = 0; at < rows.length; at += 64) {
        int end = Math.min(rows.length, at + 64);
        replica.backward(digits.train(), rows, at, end, end - at);
        replica.step();
      }
    }
    double accuracy = replica.network().accuracy(digits.test());
    assertTrue(accuracy >= 0.955, "accuracy " + accuracy);
  }

  @Test
  void eachLayersGradientIsListedInBytes() {
    var table = net.layerTable();
    assertEquals(9610, table.intColumn("parameters").sum());
    assertEquals(38_440, table.longColumn("gradient (B)").sum());
  }

  @Test
  void rowsThatAreSquareImagesCanBeDrawn() {
    var digits = Datasets.digits().train();
    Picture picture = digits.picture(0, 1);
    assertEquals("rows of digits train: 0 is 0, 1 is 0", picture.alt());
    assertTrue(picture.svg().contains("row 1: 0"));
    String noRow = Refusal.of(() -> digits.picture(3823));
    assertTrue(noRow.contains("rows 0 to 3822"), noRow);
  }
}
