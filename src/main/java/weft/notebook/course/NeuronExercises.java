package weft.notebook.course;

import static weft.nn.Activations.relu;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.sgd;
import static weft.nn.Sample.inputs;

import java.util.List;
import java.util.stream.DoubleStream;
import weft.nn.Convergence;
import weft.nn.Network;
import weft.nn.NetworkBuilder;
import weft.nn.Pass;

/** The exercises of notebook 01, a neuron by hand. Every answer is computed by running it. */
final class NeuronExercises {
  private static final int W31 = 0;
  private static final int W54 = 7;
  private static final double LOSS = 1e-6;
  private static final int STEPS = 4;

  private NeuronExercises() {}

  static List<Exercise> all() {
    return List.of(silentTarget(), newW54(), inputOfTwo(), zeroInput(), rate(), bytes());
  }

  private static Network net() {
    return hidden().dense(1, relu()).weights(1.0, 1.0).biases(0.5).loss(squaredError());
  }

  private static NetworkBuilder hidden() {
    return Network.inputs(2).dense(2, relu()).weights(0.5, 0.5, 1.0, 1.0).biases(0.0, 0.5);
  }

  private static Pass pass(double x1, double x2) {
    return net().forward(x1, x2).target(2).backward();
  }

  private static Exercise silentTarget() {
    return Exercise.number("silent target", () -> net().forward(1, 0).outputs()[0], 1e-9)
        .mistake(
            () -> 2, "with this target the gradients are those of the text: look at dL/dO5 again")
        .mistake(() -> 0, "with this target the error is the whole output")
        .otherwise("every gradient has the factor (Yr - Ye): when is that zero?");
  }

  private static Exercise newW54() {
    return Exercise.number("new W54", () -> 1 - 0.01 * pass(1, 0).gradient()[W54], 1e-6)
        .mistake(answer -> is(answer, 0.995), "that is the new W53: which neuron feeds W54?")
        .mistake(
            answer -> is(answer, 0.99),
            "the printed formula, with the weight for a factor, leads there: use what the weight"
                + " multiplies instead")
        .mistake(
            answer -> answer instanceof Number n && n.doubleValue() > 1,
            "a step goes against the gradient")
        .otherwise("dL/dW54 = dL/dZ5 x the activation that W54 multiplies; then one step of 0.01");
  }

  private static Exercise inputOfTwo() {
    return Exercise.number("input of two", () -> pass(2, 0).gradient()[W31], 1e-6)
        .mistake(
            () -> 1, "that is the gradient for the input (1, 0): begin with a new forward pass")
        .mistake(() -> 4, "that is dL/dZ3: one factor of the chain rule is still missing")
        .mistake(() -> 2, "the error changes too, as the output does")
        .otherwise("dL/dW31 = 2 (Yr - Ye) x W53 x X1, each of the new forward pass");
  }

  private static Exercise zeroInput() {
    return Exercise.number(
            "zero input",
            () -> DoubleStream.of(pass(0, 0).gradient()).filter(g -> g != 0).count(),
            1e-9)
        .mistake(() -> 9, "a weight whose input is 0 multiplies nothing: what is its gradient?")
        .mistake(() -> 4, "is Z3 above 0? ReLU'(0) is 0, so nothing passes back through H3")
        .mistake(() -> 5, "two inputs are 0, and one hidden neuron is inactive")
        .otherwise("run the backward pass for this input and read its gradients()");
  }

  private static Convergence learn(Object rate) {
    return net()
        .train(sgd(((Number) rate).doubleValue()))
        .on(inputs(1, 0).target(2))
        .atMost(STEPS)
        .untilLossBelow(LOSS);
  }

  private static boolean isRate(Object answer) {
    return answer instanceof Number n && n.doubleValue() > 0 && Double.isFinite(n.doubleValue());
  }

  /** Whether an input still matters: it does not when all hidden neurons are dead. */
  private static boolean answersTheInput(Convergence run) {
    return run.network().forward(1, 0).outputs()[0] != run.network().forward(3, 0).outputs()[0];
  }

  private static Exercise rate() {
    return Exercise.that(
            "learning rate",
            answer -> isRate(answer) && learn(answer).converged() && answersTheInput(learn(answer)))
        .mistake(answer -> !isRate(answer), "a learning rate is one number above 0")
        .mistake(
            answer -> learn(answer).converged(),
            "the loss is there, but both hidden neurons are dead: forward(3, 0) gives what"
                + " forward(1, 0) gives")
        .mistake(
            answer -> learn(answer).network().forward(1, 0).outputs()[0] == 0,
            "the first steps overshoot so far that the output neuron dies: smaller")
        .otherwise(
            "not below 1e-6 after 4 steps: chart() the run to see whether it creeps (too small a"
                + " rate) or swings (too big a one)");
  }

  private static Exercise bytes() {
    return Exercise.number("gradient bytes", () -> 4.0 * digits().parameters(), 1e-9)
        .mistake(() -> digits().parameters(), "that is how many numbers: how many bytes is each?")
        .mistake(() -> 32.0 * digits().parameters(), "that is in bits")
        .mistake(
            answer -> is(answer, 4.0 * (64 * 128 + 128 * 10)),
            "each neuron has a bias too, and a bias has a gradient")
        .otherwise("each neuron has one weight an input and one bias; each gradient takes 4 bytes");
  }

  private static Network digits() {
    return Network.inputs(64).dense(128, relu()).dense(10, relu()).loss(squaredError());
  }

  private static boolean is(Object answer, double value) {
    return answer instanceof Number n && Math.abs(n.doubleValue() - value) < 1e-9 * Math.abs(value);
  }
}
