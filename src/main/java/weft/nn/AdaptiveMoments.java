package weft.nn;

import java.util.List;
import weft.nn.compute.DoubleAdam;
import weft.nn.compute.DoubleLamb;
import weft.nn.compute.DoubleUpdater;
import weft.nn.compute.FloatAdam;
import weft.nn.compute.FloatLamb;
import weft.nn.compute.FloatUpdater;
import weft.nn.compute.Sections;
import weft.report.Digits;

/**
 * Adam and its kin, which remember for each parameter the mean of its gradient and of its square:
 *
 * <pre>{@code
 * m = β₁·m + (1-β₁)·g        v = β₂·v + (1-β₂)·g²
 * r = m/(1-β₁ᵗ) / (√(v/(1-β₂ᵗ)) + ε)        w = w - η·r
 * }</pre>
 *
 * <p>t counts steps from 1. Weight decay: adam adds decay·w to g; adamW shrinks w by η·decay·w;
 * both to every parameter, biases included, as PyTorch does. lamb adds decay·w to r and then scales
 * each weight tensor's r by ‖w‖/‖r‖ (1 if either is 0); biases and normalisation's scales are
 * neither decayed nor scaled, the choice of the paper's experiments.
 */
public final class AdaptiveMoments extends Optimizer {
  private static final double DECOUPLED_DECAY = 0.01;

  /** Which of them. */
  enum Rule {
    ADAM("adam", 0, 1e-8),
    ADAM_W("adamW", DECOUPLED_DECAY, 1e-8),
    LAMB("lamb", DECOUPLED_DECAY, 1e-6);

    private final String call;
    private final double decay;
    private final double epsilon;

    Rule(String call, double decay, double epsilon) {
      this.call = call;
      this.decay = decay;
      this.epsilon = epsilon;
    }
  }

  /** A rate worth trying after any that diverged. */
  private static final double CALM = 0.01;

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;

  private final Rule rule;
  private final double beta1;
  private final double beta2;
  private final double epsilon;

  private AdaptiveMoments(
      Rule rule, OptimizerOptions options, double beta1, double beta2, double epsilon) {
    super(options);
    this.rule = rule;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
  }

  static AdaptiveMoments of(Rule rule, double rate) {
    var options = OptimizerOptions.of(rate, rule.call + "(0.001)").weightDecay(rule.decay);
    return new AdaptiveMoments(rule, options, BETA1, BETA2, rule.epsilon);
  }

  private AdaptiveMoments with(OptimizerOptions other) {
    return new AdaptiveMoments(rule, other, beta1, beta2, epsilon);
  }

  /** β₁, in [0, 1): how much the mean of the gradient keeps of what it was. */
  public double beta1() {
    return beta1;
  }

  /** β₂, in [0, 1): how much the mean of its square keeps. */
  public double beta2() {
    return beta2;
  }

  /** ε, above 0, which keeps the division from 0. */
  public double epsilon() {
    return epsilon;
  }

  /**
   * The same with other averages.
   *
   * @throws IllegalArgumentException if one is outside [0, 1)
   */
  public AdaptiveMoments betas(double first, double second) {
    for (double beta : new double[] {first, second}) {
      if (!(beta >= 0 && beta < 1)) {
        throw new IllegalArgumentException(
            "each beta is at least 0 and below 1, got " + beta + ": try betas(0.9, 0.999)");
      }
    }
    return new AdaptiveMoments(rule, options, first, second, epsilon);
  }

  /**
   * The same with another ε.
   *
   * @throws IllegalArgumentException if it is not a finite number above 0
   */
  public AdaptiveMoments epsilon(double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "epsilon keeps a division from 0 and is above it, got " + value + ": try epsilon(1e-8)");
    }
    return new AdaptiveMoments(rule, options, beta1, beta2, value);
  }

  @Override
  public AdaptiveMoments weightDecay(double decay) {
    return with(options.weightDecay(decay));
  }

  @Override
  public AdaptiveMoments clipNorm(double most) {
    return with(options.clipNorm(most));
  }

  @Override
  public AdaptiveMoments schedule(RateSchedule schedule) {
    return with(options.schedule(schedule));
  }

  /** Of {@link Optimizers#lamb lamb}. */
  @Override
  public boolean usesTensorNorms() {
    return rule == Rule.LAMB;
  }

  @Override
  List<String> memoryNames() {
    return List.of("mean", "square");
  }

  @Override
  FloatUpdater floatUpdater(Sections sections) {
    return rule == Rule.LAMB
        ? new FloatLamb(beta1, beta2, epsilon, weightDecay(), sections)
        : new FloatAdam(
            beta1, beta2, epsilon, weightDecay(), rule == Rule.ADAM_W, sections.parameters());
  }

  @Override
  DoubleUpdater doubleUpdater(Sections sections) {
    return rule == Rule.LAMB
        ? new DoubleLamb(beta1, beta2, epsilon, weightDecay(), sections)
        : new DoubleAdam(
            beta1, beta2, epsilon, weightDecay(), rule == Rule.ADAM_W, sections.parameters());
  }

  @Override
  OptimizerExplanation explanation() {
    return rule == Rule.LAMB
        ? new LambExplanation(rate(0), new Moments(beta1, beta2, epsilon), weightDecay())
        : new AdamExplanation(rate(0), beta1, beta2, epsilon, weightDecay(), rule == Rule.ADAM_W);
  }

  @Override
  String calmer() {
    return "the learning rate %s is probably too large, try %s(%s)"
        .formatted(Digits.of(rate()), rule.call, Digits.of(Math.min(rate() / 10, CALM)));
  }

  /** As a cell writes it: {@code adamW(0.001).weightDecay(0.1)}; what is default is left out. */
  @Override
  public String toString() {
    boolean usual = beta1 == BETA1 && beta2 == BETA2;
    return rule.call
        + "("
        + OptimizerOptions.number(rate())
        + ")"
        + (usual
            ? ""
            : ".betas(%s, %s)"
                .formatted(OptimizerOptions.number(beta1), OptimizerOptions.number(beta2)))
        + (epsilon == rule.epsilon ? "" : ".epsilon(" + OptimizerOptions.number(epsilon) + ")")
        + options.calls(rule.decay);
  }
}
