package weft.nn;

import weft.nn.compute.Window;

/** A layer that slides a window over an image. */
interface Windowed {
  /** The same layer, its window moving on by another number of rows and columns. */
  Layer stride(int value);

  /**
   * The same layer with rows and columns of zeros around the image.
   *
   * @throws IllegalArgumentException if this layer takes none
   */
  Layer padding(int value);

  /**
   * The image that the window's results form.
   *
   * @param name the layer as a cell writes it
   * @throws IllegalArgumentException if the window is larger than the image
   */
  static Shape out(Window window, int channels, String name) {
    if (window.outHeight() < 1 || window.outWidth() < 1) {
      int padding = window.padding();
      throw new IllegalArgumentException(
          "%s looks at %d x %d numbers at a time, but the image before it is %d x %d%s: use a smaller one"
              .formatted(
                  name,
                  window.size(),
                  window.size(),
                  window.height(),
                  window.width(),
                  padding == 0 ? "" : " with %d zeros on each side".formatted(padding)));
    }
    return Shape.image(channels, window.outHeight(), window.outWidth());
  }

  /** A stride that was given, checked. */
  static int checkStride(int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "a stride is at least 1, got " + value + ": write for example stride(2)");
    }
    return value;
  }
}
