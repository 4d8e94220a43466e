package weft.nn;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.gelu;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.leakyRelu;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.sigmoid;
import static weft.nn.Activations.silu;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Losses.absoluteError;
import static weft.nn.Losses.binaryCrossEntropy;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.halfSquaredError;
import static weft.nn.Losses.huber;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.adam;
import static weft.nn.Optimizers.adamW;
import static weft.nn.Optimizers.lamb;
import static weft.nn.Optimizers.sgd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Writes what {@code binder/test} typesets: the derivation of every kind of layer, activation, loss
 * and optimiser, and names with every character that means something to LaTeX.
 */
class DerivationFilesTest {
  private static final Path FOLDER = Path.of("target", "derivations");

  private static void write(String name, Derivation derivation) throws IOException {
    Files.createDirectories(FOLDER);
    String latex = derivation.latex().latex();
    assertTrue(latex.contains("$$\\begin{aligned}"), latex);
    Files.writeString(FOLDER.resolve(name + ".tex"), latex);
  }

  @Test
  void ofEveryLayer() throws IOException {
    int number = 0;
    for (var each : NetworkExplanationTest.networks().entrySet()) {
      Trace trace = NetworkExplanationTest.trace(each.getKey(), each.getValue());
      write("layers-" + ++number, Explanation.of(trace));
    }
    var convolution =
        Network.images(1, 4, 4)
            .conv2d(2, 3, relu())
            .padding(1)
            .maxPool(2)
            .flatten()
            .dropout(0.5)
            .dense(3, softmax())
            .loss(crossEntropy());
    write("convolution", convolution.forward(new double[16]).target(1).backward().explain());
  }

  @Test
  void ofEveryActivationAndLoss() throws IOException {
    var activations =
        List.of(relu(), leakyRelu(0.1), gelu(), silu(), sigmoid(), tanh(), identity(), softmax());
    for (Activation each : activations) {
      var net = Network.inputs(2).dense(2, each).dense(2, identity()).loss(halfSquaredError());
      write("activation-" + each, net.forward(1e-9, -2).target(0, 1).backward().explain());
    }
    for (Loss each : List.of(squaredError(), halfSquaredError(), absoluteError(), huber(0.5))) {
      var net = Network.inputs(1).dense(2, identity()).loss(each);
      write("loss-" + each, net.forward(3).target(0, -1).backward().explain());
    }
    var chances = Network.inputs(1).dense(2, sigmoid()).loss(binaryCrossEntropy());
    write("loss-binary", chances.forward(3).target(0, 1).backward().explain());
    var shares = Network.inputs(1).dense(2, softmax()).loss(crossEntropy());
    write("loss-shares", shares.forward(3).target(0.3, 0.7).backward().explain());
  }

  @Test
  void ofEveryOptimiserAndAnyName() throws IOException {
    var net =
        Network.inputs("price in $", "50% #1 {a}", "x_1^2 & \\y ~")
            .dense(2, relu())
            .named("so-called", "über")
            .dense(1, identity())
            .loss(squaredError());
    var pass = net.forward(1, 2, 3).target(4).backward();
    var optimizers = new ArrayList<Optimizer>();
    optimizers.add(sgd(0.1));
    optimizers.add(sgd(0.1).momentum(0.9).weightDecay(0.01));
    optimizers.add(sgd(0.1).momentum(0.9).nesterov());
    optimizers.add(adam(0.1).weightDecay(0.01));
    optimizers.add(adamW(0.1));
    optimizers.add(lamb(0.1));
    optimizers.add(sgd(0.1).clipNorm(0.1));
    optimizers.add(lamb(0.1).clipNorm(1e9));
    for (int i = 0; i < optimizers.size(); i++) {
      write("optimiser-" + i, pass.explain(optimizers.get(i)));
    }
  }
}
