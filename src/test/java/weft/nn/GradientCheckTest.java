package weft.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.sigmoid;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Initializers.xavier;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.random.RandomDataGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import weft.sim.RandomStreams;

/** The chain rule agrees with differences of the loss, whatever the layers and the loss. */
class GradientCheckTest {
  static List<Arguments> everyActivationAndLoss() {
    var cases = new ArrayList<Arguments>();
    var activations = List.of(relu(), sigmoid(), tanh(), identity(), softmax());
    long seed = 1;
    for (Activation hidden : activations) {
      for (Activation last : activations) {
        cases.add(Arguments.of(hidden, last, squaredError(), seed++));
      }
      cases.add(Arguments.of(hidden, softmax(), crossEntropy(), seed++));
    }
    return cases;
  }

  @ParameterizedTest(name = "{0}, {1}, {2}, seed {3}")
  @MethodSource("everyActivationAndLoss")
  void gradientIsTheSlopeOfTheLoss(Activation hidden, Activation last, Loss loss, long seed) {
    var draw = new RandomDataGenerator(new RandomStreams(seed).named("gradient check"));
    int inputs = draw.nextInt(1, 5);
    int outputs = draw.nextInt(2, 4);
    var net =
        Network.inputs(inputs)
            .dense(draw.nextInt(2, 6), hidden)
            .dense(draw.nextInt(2, 6), hidden)
            .dense(outputs, last)
            .init(xavier(seed))
            .loss(loss);
    double[] sample = new double[inputs];
    for (int i = 0; i < inputs; i++) {
      sample[i] = draw.nextGaussian(0, 1);
    }
    double[] target = new double[outputs];
    target[draw.nextInt(0, outputs - 1)] = 1;

    var check = net.forward(sample).target(target).backward().gradientCheck();

    double worst = check.doubleColumn("relative error").max();
    assertTrue(worst < 1e-7, () -> "relative error " + worst + "\n" + check.printAll());
  }

  @Test
  void aKinkOfReluHasNoSlopeToCompareWith() {
    var net =
        Network.inputs(2)
            .dense(2, relu())
            .weights(1, 2, 3, 4)
            .dense(1, identity())
            .weights(1, -1)
            .loss(squaredError());
    var check = net.forward(0, 0).target(1).backward().gradientCheck();
    assertTrue(check.name().endsWith(", apart from 2 kinks"), check::name);
    var error = check.doubleColumn("relative error");
    for (int i = 0; i < check.rowCount(); i++) {
      boolean isKink = List.of("b3", "b4").contains(check.stringColumn("parameter").get(i));
      assertEquals(isKink, error.isMissing(i), check::printAll);
    }
    assertTrue(error.max() < 1e-7, check::printAll);
  }
}
