package weft.nn.compute;

/**
 * Mixed precision (Micikevicius et al. 2018): layers see weights, inputs and gradients rounded to a
 * narrow format and add up in single precision; master weights, weight gradients and the
 * optimiser's memory are not rounded.
 */
public final class SimulatedPrecision implements FloatRounder {
  private static final double FIRST_SCALE = 65536;
  private static final int GOOD_STEPS = 2000;
  private static final double LARGEST_SCALE = 0x1p100;

  private enum Format {
    BFLOAT16,
    FLOAT16,
    FLOAT8
  }

  private final Format format;
  private final Sections sections;
  private final Rounding outputs;
  private double lossScale;
  private int goodSteps;

  private SimulatedPrecision(Format format, Rounding outputs, double lossScale, Sections sections) {
    this.format = format;
    this.outputs = outputs;
    this.lossScale = lossScale;
    this.sections = sections;
  }

  /** Everything in bfloat16, whose range is that of float32. */
  public static SimulatedPrecision bfloat16(Sections sections) {
    return new SimulatedPrecision(Format.BFLOAT16, Rounding.BFLOAT16, 1, sections);
  }

  /**
   * Everything in binary16, with the dynamic loss scale of PyTorch's GradScaler: 65,536 at first,
   * halved when a number overflows, doubled after 2,000 steps without.
   */
  public static SimulatedPrecision float16(Sections sections) {
    return new SimulatedPrecision(Format.FLOAT16, Rounding.FLOAT16, FIRST_SCALE, sections);
  }

  /**
   * Weights and outputs in E4M3, gradients in E5M2. Each weight tensor and each gradient is scaled
   * by a power of two from its own largest number, which makes a loss scale needless: five bits of
   * exponent would not hold the gradients of all layers at one scale. Outputs are not scaled but
   * saturate, so that a sample's result does not depend on the others of its batch. Biases and
   * normalisation's scales are in bfloat16, as in NVIDIA's Transformer Engine.
   */
  public static SimulatedPrecision float8(Sections sections) {
    return new SimulatedPrecision(Format.FLOAT8, Rounding.E4M3, 1, sections);
  }

  @Override
  public FloatRounder anew() {
    return new SimulatedPrecision(
        format, outputs, format == Format.FLOAT16 ? FIRST_SCALE : 1, sections);
  }

  @Override
  public void weights(float[] master, float[] working) {
    System.arraycopy(master, 0, working, 0, master.length);
    if (format != Format.FLOAT8) {
      outputs.round(working, 0, working.length);
      return;
    }
    for (int s = 0; s < sections.count(); s++) {
      if (sections.decays(s)) {
        Rounding.E4M3.roundScaled(working, sections.from(s), sections.to(s));
      } else {
        Rounding.BFLOAT16.round(working, sections.from(s), sections.to(s));
      }
    }
  }

  @Override
  public void outputs(float[] values, int count) {
    outputs.round(values, 0, count);
  }

  @Override
  public void outputGradient(float[] values, int count) {
    if (format == Format.FLOAT8) {
      Rounding.E5M2.roundScaled(values, 0, count);
    } else {
      outputs.round(values, 0, count);
    }
  }

  @Override
  public double lossScale() {
    return lossScale;
  }

  @Override
  public boolean accepts(float[] gradient) {
    if (format != Format.FLOAT16) {
      return true;
    }
    if (!(Rounding.largest(gradient, 0, gradient.length) < Float.POSITIVE_INFINITY)) {
      lossScale /= 2;
      goodSteps = 0;
      return false;
    }
    if (++goodSteps == GOOD_STEPS) {
      lossScale = Math.min(2 * lossScale, LARGEST_SCALE);
      goodSteps = 0;
    }
    return true;
  }

  @Override
  public double[] state() {
    return new double[] {lossScale, goodSteps};
  }

  @Override
  public void restore(double[] state) {
    lossScale = state[0];
    goodSteps = (int) state[1];
  }
}
