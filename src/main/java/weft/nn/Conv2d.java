package weft.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.ActivationFunction;
import weft.nn.compute.DoubleConvolution;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatConvolution;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;
import weft.nn.compute.Window;
import weft.report.Digits;

/**
 * Kernels that slide over the channels of an image, each giving one channel: z = W * x + b, a =
 * f(z), with cross-correlation for * as is usual. Parameters: W ({@code
 * [channels][in.channels][kernel][kernel]}), then b.
 *
 * @param channels how many kernels
 * @param kernel rows and columns of each
 * @param stride by how many rows and columns a kernel moves on
 * @param padding rows and columns of zeros on each of the four sides of the image
 * @param given explicit weights, or null when {@code initializer} draws them
 * @param biases explicit biases, or null for 0
 */
@SuppressWarnings("ArrayRecordComponent") // package-private and never written to
record Conv2d(
    Shape in,
    int channels,
    int kernel,
    int stride,
    int padding,
    Activation activation,
    Initializer initializer,
    double @Nullable [] given,
    double @Nullable [] biases)
    implements Layer, GivenWeights, Windowed {

  static Conv2d of(Shape in, int channels, int kernel, Activation activation) {
    return new Conv2d(in, channels, kernel, 1, 0, activation, activation.initializer(), null, null);
  }

  /** Numbers that one result looks at. */
  int inputs() {
    return in.dimension(0) * kernel * kernel;
  }

  @Override
  public Conv2d weights(double[] values) {
    int count = channels * inputs();
    if (values.length != count) {
      throw new IllegalArgumentException(
          "%s on %s has %d x %d x %d x %d = %d weights, kernel by kernel, got %d: give that many"
              .formatted(
                  shortName(),
                  Digits.counted(in.dimension(0), "channel"),
                  channels,
                  in.dimension(0),
                  kernel,
                  kernel,
                  count,
                  values.length));
    }
    double[] finite = GivenWeights.finite("weight", values);
    return new Conv2d(
        in, channels, kernel, stride, padding, activation, initializer, finite, biases);
  }

  @Override
  public Conv2d biases(double[] values) {
    if (values.length != channels) {
      throw new IllegalArgumentException(
          "%s has %d biases, one per channel, got %d: give that many"
              .formatted(shortName(), channels, values.length));
    }
    double[] finite = GivenWeights.finite("bias", values);
    return new Conv2d(
        in, channels, kernel, stride, padding, activation, initializer, given, finite);
  }

  @Override
  public Conv2d stride(int value) {
    return new Conv2d(
        in,
        channels,
        kernel,
        Windowed.checkStride(value),
        padding,
        activation,
        initializer,
        given,
        biases);
  }

  @Override
  public Conv2d padding(int value) {
    if (value < 0 || value > kernel - 1) {
      throw new IllegalArgumentException(
          "the padding of %s is from 0 to %d, or kernels would see zeros alone, got %d: padding(%d) keeps the image's size"
              .formatted(shortName(), kernel - 1, value, kernel / 2));
    }
    return new Conv2d(in, channels, kernel, stride, value, activation, initializer, given, biases);
  }

  @Override
  public Conv2d with(Initializer other) {
    return new Conv2d(in, channels, kernel, stride, padding, activation, other, given, biases);
  }

  private String shortName() {
    return "conv2d(%d, %d)".formatted(channels, kernel);
  }

  @Override
  public String name() {
    return "conv2d(%d, %d, %s)".formatted(channels, kernel, activation)
        + (padding == 0 ? "" : ".padding(" + padding + ")")
        + (stride == 1 ? "" : ".stride(" + stride + ")");
  }

  Window window() {
    return new Window(in.dimension(0), in.dimension(1), in.dimension(2), kernel, stride, padding);
  }

  @Override
  public Shape out() {
    return Windowed.out(window(), channels, name());
  }

  @Override
  public String start() {
    return given == null ? initializer.toString() : "given";
  }

  @Override
  public List<ParameterGroup> groups() {
    return List.of(ParameterGroup.weights(channels, inputs()), ParameterGroup.biases(channels));
  }

  @Override
  public void initialize(double[] parameters, int offset, int index) {
    int weights = channels * inputs();
    if (given != null) {
      System.arraycopy(given, 0, parameters, offset, weights);
    } else {
      int outs = channels * kernel * kernel;
      initializer.draw(parameters, offset, weights, inputs(), outs, index);
    }
    if (biases != null) {
      System.arraycopy(biases, 0, parameters, offset + weights, channels);
    }
  }

  @Override
  public LayerExplanation explanation() {
    return new ConvolutionExplanation(in, out(), kernel, stride, padding, activation);
  }

  @Override
  public long forwardFlops() {
    return 2L * inputs() * out().size();
  }

  @Override
  public long kept() {
    return (activation.function().needsSums() ? 2L : 1L) * out().size();
  }

  @Override
  public boolean readsOutputs() {
    return activation.function().kind() != ActivationFunction.Kind.IDENTITY;
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatConvolution(
        work, offset, window(), channels, activation.function(), from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleConvolution(
        work, offset, window(), channels, activation.function(), from, gradient);
  }
}
