package weft.nn;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleMaxPool;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatMaxPool;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;
import weft.nn.compute.Window;

/**
 * The largest number under a window that slides over each channel of an image. Rows and columns
 * that no whole window covers are left out.
 *
 * @param size rows and columns of the window
 * @param stride by how many rows and columns the window moves on
 */
record MaxPool(Shape in, int size, int stride) implements Layer, Windowed {

  static MaxPool of(Shape in, int size) {
    return new MaxPool(in, size, size);
  }

  @Override
  public MaxPool stride(int value) {
    return new MaxPool(in, size, Windowed.checkStride(value));
  }

  @Override
  public MaxPool padding(int value) {
    throw new IllegalArgumentException(
        "padding(%d) belongs to a conv2d, but the last layer is %s: write it right after conv2d(...)"
            .formatted(value, name()));
  }

  @Override
  public String name() {
    return "maxPool(" + size + ")" + (stride == size ? "" : ".stride(" + stride + ")");
  }

  Window window() {
    return new Window(in.dimension(0), in.dimension(1), in.dimension(2), size, stride, 0);
  }

  @Override
  public Shape out() {
    return Windowed.out(window(), in.dimension(0), name());
  }

  @Override
  public List<ParameterGroup> groups() {
    return List.of();
  }

  @Override
  public String start() {
    return "";
  }

  @Override
  public void initialize(double[] parameters, int offset, int index) {}

  @Override
  public Layer endingIn(Loss loss) {
    return Ending.plain(this, loss);
  }

  @Override
  public LayerExplanation explanation() {
    return new PoolingExplanation(in, out(), size, stride, true);
  }

  @Override
  public long forwardFlops() {
    return (long) size * size * out().size();
  }

  @Override
  public long backwardFlops() {
    return forwardFlops();
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatMaxPool(work, window(), from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleMaxPool(work, window(), from, gradient);
  }
}
