package weft.nn;

import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleAveragePool;
import weft.nn.compute.DoubleMaxPool;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatAveragePool;
import weft.nn.compute.FloatMaxPool;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;
import weft.nn.compute.Window;

/**
 * The largest number, or the mean, under a window that slides over each channel of an image. Rows
 * and columns that no whole window covers are left out.
 *
 * @param kind which of the two
 * @param size rows and columns of the window
 * @param stride by how many rows and columns the window moves on
 */
record Pool(Shape in, Kind kind, int size, int stride) implements Layer, Windowed {
  /** What is kept of the numbers under a window. */
  enum Kind {
    MAX("maxPool"),
    AVERAGE("averagePool");

    private final String call;

    Kind(String call) {
      this.call = call;
    }
  }

  static Pool of(Shape in, Kind kind, int size) {
    return new Pool(in, kind, size, size);
  }

  @Override
  public Pool stride(int value) {
    return new Pool(in, kind, size, Windowed.checkStride(value));
  }

  @Override
  public Pool padding(int value) {
    throw new IllegalArgumentException(
        "padding(%d) belongs to a conv2d, but the last layer is %s: write it right after conv2d(...)"
            .formatted(value, name()));
  }

  @Override
  public String name() {
    return kind.call + "(" + size + ")" + (stride == size ? "" : ".stride(" + stride + ")");
  }

  Window window() {
    return new Window(in.dimension(0), in.dimension(1), in.dimension(2), size, stride, 0);
  }

  @Override
  public Shape out() {
    return Windowed.out(window(), in.dimension(0), name());
  }

  @Override
  public LayerExplanation explanation() {
    return new PoolingExplanation(in, out(), size, stride, kind == Kind.MAX);
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
    return kind == Kind.MAX
        ? new FloatMaxPool(work, window(), from, gradient)
        : new FloatAveragePool(work, window(), from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return kind == Kind.MAX
        ? new DoubleMaxPool(work, window(), from, gradient)
        : new DoubleAveragePool(work, window(), from, gradient);
  }
}
