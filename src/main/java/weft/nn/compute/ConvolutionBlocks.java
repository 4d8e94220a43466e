package weft.nn.compute;

/**
 * How a convolution becomes matrix products. A kernel of few channels makes a thin matrix, which
 * libraries multiply slowly; so several rows of results, a block, are computed by one product. The
 * matrix then holds each kernel once a row of the block, moved down by the stride (it is a Toeplitz
 * matrix). What it is multiplied with are the {@link #lines} of the image that the block looks at,
 * top to bottom, each as many times as it has channels and the kernel columns; so blocks that
 * overlap share what they both look at.
 *
 * @param window that slides over the image
 * @param outs channels of the results
 * @param rows of results in a block
 */
record ConvolutionBlocks(Window window, int outs, int rows) {
  private static final int MOST_ROWS = 8;

  /** By how many rows a matrix seems to be larger, so much slower are thin ones; measured. */
  private static final long THIN = 28;

  /** Lines longer than this are copied image by image; measured. */
  private static final int SHORT_LINE = 16;

  /** Columns of a product that are enough for the library and still fit into the cache. */
  private static final int COLUMNS = 160;

  /** With as many rows as cost least, by the shapes alone. */
  static ConvolutionBlocks of(Window window, int outs) {
    var best = new ConvolutionBlocks(window, outs, 1);
    for (int rows = 2; rows <= Math.min(MOST_ROWS, window.outHeight()); rows++) {
      var other = new ConvolutionBlocks(window, outs, rows);
      best = other.cost() < best.cost() ? other : best;
    }
    return best;
  }

  /** The time of a pass over one channel, one column of its kernels and of results, estimated. */
  private long cost() {
    return (long) count() * inRows() * (results() + THIN);
  }

  /** How many blocks an image has; the last may reach below the results. */
  int count() {
    return (window.outHeight() + rows - 1) / rows;
  }

  /** Rows of the image that a block looks at. */
  int inRows() {
    return (rows - 1) * window.stride() + window.size();
  }

  /** By how many rows of the image the next block lies lower. */
  int step() {
    return rows * window.stride();
  }

  /** Rows of the image, with the zeros around it, that the blocks look at. */
  int lines() {
    return (count() - 1) * step() + inRows();
  }

  /** Numbers of one row of the image that a column of results looks at. */
  int lineNumbers() {
    return window.channels() * window.size();
  }

  /** Numbers that one column of a block looks at. */
  int numbers() {
    return inRows() * lineNumbers();
  }

  /** Results of one column of a block. */
  int results() {
    return outs * rows;
  }

  /** How many images are computed together. */
  int images() {
    int images = 1;
    while (images * window.outWidth() < COLUMNS && images < 64) {
      images *= 2;
    }
    return images;
  }

  /** Whether these images are interleaved number by number, which makes lines so much longer. */
  boolean interleaved() {
    return window.outWidth() <= SHORT_LINE;
  }
}
