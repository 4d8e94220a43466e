package weft.nn.compute;

/**
 * How a convolution becomes a matrix product. A kernel of few channels makes a thin matrix, which
 * libraries multiply slowly; so several rows of results, a block, are computed by one product. The
 * matrix then holds each kernel once a row of the block, moved down by the stride (it is a Toeplitz
 * matrix), and what it is multiplied with holds, for each column of results, all numbers that the
 * block looks at: channel by channel, row by row, and within a row by the kernel's columns.
 *
 * @param window that slides over the image
 * @param outs channels of the results
 * @param rows of results in a block
 */
record ConvolutionBlocks(Window window, int outs, int rows) {
  private static final int MOST_ROWS = 8;

  /** What copying one line of a block costs, in multiplications of a large product; measured. */
  private static final long LINE = 350;

  /** By how many rows a matrix seems to be larger, so much slower are thin ones; measured. */
  private static final long THIN = 16;

  /** Lines longer than this are copied image by image; measured. */
  private static final int SHORT_LINE = 16;

  /** Columns of a product that are enough for the library and still fit into the cache. */
  private static final int COLUMNS = 512;

  /** With as many rows as cost least, by the shapes alone. */
  static ConvolutionBlocks of(Window window, int outs) {
    var best = new ConvolutionBlocks(window, outs, 1);
    for (int rows = 2; rows <= Math.min(MOST_ROWS, window.outHeight()); rows++) {
      var other = new ConvolutionBlocks(window, outs, rows);
      best = other.cost() < best.cost() ? other : best;
    }
    return best;
  }

  /** The time of a pass over one channel and one column of its kernels, estimated. */
  private long cost() {
    return (long) count()
        * inRows()
        * (LINE / interleaved() + window.outWidth() * (results() + THIN));
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

  /** Numbers that one column of a block looks at. */
  int numbers() {
    return window.channels() * inRows() * window.size();
  }

  /** Results of one column of a block. */
  int results() {
    return outs * rows;
  }

  /** Columns of all blocks of an image. */
  int columns() {
    return count() * window.outWidth();
  }

  /** Rows of the image with the zeros around it, as far down as the last block looks. */
  int paddedHeight() {
    return Math.max(window.height() + 2 * window.padding(), (count() - 1) * step() + inRows());
  }

  int paddedWidth() {
    return window.width() + 2 * window.padding();
  }

  int paddedPlane() {
    return paddedHeight() * paddedWidth();
  }

  /** Whether the image must be copied into a larger one with zeros around it. */
  boolean padded() {
    return paddedPlane() != window.plane();
  }

  /** How many images are computed by one product. */
  int images() {
    int images = 1;
    while (images * columns() < COLUMNS && images < 64) {
      images *= 2;
    }
    return images;
  }

  /** How many images are interleaved number by number, which makes lines so much longer. */
  int interleaved() {
    return window.outWidth() <= SHORT_LINE ? images() : 1;
  }
}
