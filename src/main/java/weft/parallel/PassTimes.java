package weft.parallel;

import weft.llm.Transformer;
import weft.units.Check;

/**
 * How long a stage's passes take, in forward passes.
 *
 * @param inputGradient the part of a backward pass that the stage before waits for
 * @param weightGradient the part that nobody waits for before the update
 */
public record PassTimes(double inputGradient, double weightGradient) {
  /** Each as long as a forward pass, as schedules are drawn. */
  public static final PassTimes EQUAL = new PassTimes(1, 1);

  /**
   * @throws IllegalArgumentException if a time is not above 0
   */
  public PassTimes {
    positive("gradients of inputs", inputGradient);
    positive("gradients of weights", weightGradient);
  }

  private static void positive(String what, double time) {
    if (!(time > 0 && time < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "a pass for %s takes some time, but %s forward passes were given: write for example new PassTimes(1.1, 0.9)"
              .formatted(what, time));
    }
  }

  /**
   * Of a model's layers by the FLOPs of their products. Products with weights have one product in
   * each pass; attention's own have two for the inputs' gradient and none for weights' (Qi et al.,
   * ICLR 2024, table 1).
   */
  public static PassTimes of(Transformer model) {
    Check.notNull("a model", model, "write for example GPT3_175B");
    double attention = model.layers() * model.heads().productFlops(model.sequence());
    double output = 2.0 * model.hidden() * model.vocabulary();
    double weights = model.forwardFlopsPerToken() - attention - output;
    double forward = weights + attention;
    return new PassTimes((weights + 2 * attention) / forward, weights / forward);
  }

  /** All passes of a micro-batch. */
  public double all() {
    return 1 + inputGradient + weightGradient;
  }
}
