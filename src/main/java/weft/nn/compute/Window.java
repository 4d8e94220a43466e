package weft.nn.compute;

/**
 * A square window that slides over the channels of an image.
 *
 * @param channels of the image
 * @param height of the image in rows
 * @param width of the image in columns
 * @param size rows and columns of the window
 * @param stride by how many rows or columns it moves on
 * @param padding rows and columns of zeros on each of the four sides of the image
 */
public record Window(int channels, int height, int width, int size, int stride, int padding) {
  /** Rows of results; below 1 if the window is larger than the padded image. */
  public int outHeight() {
    return results(height);
  }

  /** Columns of results; below 1 if the window is larger than the padded image. */
  public int outWidth() {
    return results(width);
  }

  private int results(int length) {
    int free = length + 2 * padding - size;
    return free < 0 ? 0 : free / stride + 1;
  }

  /** Numbers of a channel. */
  int plane() {
    return height * width;
  }

  /** Numbers of an image. */
  int numbers() {
    return channels * plane();
  }

  /** Results of a channel. */
  int outPlane() {
    return outHeight() * outWidth();
  }
}
