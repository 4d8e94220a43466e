package weft.nn.compute;

import java.util.Arrays;

/**
 * Copies a convolution's images into the factor of its products and back, as {@link
 * ConvolutionBlocks} tells, in the scratch memory of a thread: first what the results look at, a
 * row for each line of the image, channel and column of the kernel; then the results, block by
 * block. Rows have a column per column of results and image. Images whose lines are short are
 * interleaved number by number, so that one line of all of them is copied at once.
 */
final class FloatPatches {
  private final Window window;
  private final ConvolutionBlocks blocks;
  private final boolean interleaved;

  /** Of window and blocks, which compute it by divisions. */
  private final int blockRows;

  private final int results;
  private final int outWidth;
  private final int outHeight;
  private final int outNumbers;
  private final int resultsAt;
  private final int size;

  /**
   * A line of the image, with the zeros on both sides, and what is added to it, at the same indices
   * of two arrays of a thread's own: so the compiler adds several numbers at once.
   */
  private final float[][] lines;

  private final float[][] terms;

  FloatPatches(Window window, ConvolutionBlocks blocks, int threads) {
    this.window = window;
    this.blocks = blocks;
    interleaved = blocks.interleaved();
    blockRows = blocks.rows();
    results = blocks.results();
    outWidth = window.outWidth();
    outHeight = window.outHeight();
    outNumbers = blocks.outs() * window.outPlane();
    int columns = Math.multiplyExact(blocks.images(), outWidth);
    resultsAt = Math.multiplyExact(blocks.lines() * blocks.lineNumbers(), columns);
    size = Math.addExact(resultsAt, Math.multiplyExact(blocks.count() * results, columns));
    int longest = (window.width() + 2 * window.padding()) * (interleaved ? blocks.images() : 1);
    lines = new float[threads][longest];
    terms = new float[threads][longest];
  }

  /** Numbers of scratch memory. */
  int size() {
    return size;
  }

  /** Columns of the products for so many images. */
  int columns(int images) {
    return images * outWidth;
  }

  /** Where in the scratch memory a block's part of the image begins, a row per number. */
  int imageAt(int block, int columns) {
    return block * blocks.step() * blocks.lineNumbers() * columns;
  }

  /** Where in the scratch memory a block's results begin, a row per result. */
  int resultsAt(int block, int columns) {
    return resultsAt + block * results * columns;
  }

  /** Writes what the results of the images from {@code first} to {@code end} look at. */
  void unfold(float[] in, int first, int end, float[] scratch, int lane) {
    float[] line = lines[lane];
    int together = interleaved ? end - first : 1;
    clearSides(line, together);
    clearPadding(scratch, end - first);
    int lowest = Math.min(window.height(), blocks.lines() - window.padding());
    for (int sample = first; sample < end; sample += together) {
      for (int c = 0; c < window.channels(); c++) {
        for (int y = 0; y < lowest; y++) {
          int at = sample * window.numbers() + c * window.plane() + y * window.width();
          takeLine(in, at, together, line);
          int to = lineAt(y + window.padding(), c, sample - first, end - first);
          spread(line, together, scratch, to, end - first);
        }
      }
    }
  }

  /** Zeros above and below the image. */
  private void clearPadding(float[] scratch, int images) {
    int length = blocks.lineNumbers() * columns(images);
    int above = Math.min(blocks.lines(), window.padding());
    int below = Math.min(blocks.lines(), window.padding() + window.height());
    Arrays.fill(scratch, 0, above * length, 0);
    Arrays.fill(scratch, below * length, blocks.lines() * length, 0);
  }

  /** Zeros on both sides of a line. */
  private void clearSides(float[] line, int together) {
    int side = window.padding() * together;
    int right = side + window.width() * together;
    Arrays.fill(line, 0, side, 0);
    Arrays.fill(line, right, right + side, 0);
  }

  private void takeLine(float[] in, int at, int together, float[] line) {
    int side = window.padding() * together;
    if (together == 1) {
      System.arraycopy(in, at, line, side, window.width());
    } else {
      interleave(in, at, window.numbers(), together, window.width(), line, side);
    }
  }

  /** Where the first of a line's copies lies; the next is a row of columns further. */
  private int lineAt(int y, int channel, int image, int images) {
    int row = (y * window.channels() + channel) * window.size();
    return row * columns(images) + (interleaved ? 0 : columns(image));
  }

  private void spread(float[] line, int together, float[] to, int at, int images) {
    int stride = window.stride();
    int columns = columns(images);
    for (int j = 0; j < window.size(); j++) {
      int from = j * together;
      int begin = at + j * columns;
      if (stride == 1) {
        System.arraycopy(line, from, to, begin, outWidth * together);
        continue;
      }
      for (int x = 0; x < outWidth; x++) {
        for (int g = 0; g < together; g++) {
          to[begin + x * together + g] = line[from + x * stride * together + g];
        }
      }
    }
  }

  /** Makes room for what {@link #fold} adds up: all zeros. */
  void clear(float[] scratch, int images) {
    int columns = columns(images);
    Arrays.fill(scratch, 0, blocks.lines() * blocks.lineNumbers() * columns, 0);
  }

  /** Adds up into {@code to} what lies where {@link #unfold} spread the images. */
  void fold(float[] scratch, int first, int end, float[] to, int lane) {
    float[] line = lines[lane];
    int together = interleaved ? end - first : 1;
    for (int sample = first; sample < end; sample += together) {
      for (int c = 0; c < window.channels(); c++) {
        for (int y = 0; y < window.height(); y++) {
          Arrays.fill(line, 0);
          if (y + window.padding() < blocks.lines()) {
            int at = lineAt(y + window.padding(), c, sample - first, end - first);
            gather(scratch, at, end - first, together, line, terms[lane]);
          }
          int begin = sample * window.numbers() + c * window.plane() + y * window.width();
          giveLine(line, together, to, begin);
        }
      }
    }
  }

  private void gather(float[] from, int at, int images, int together, float[] line, float[] term) {
    int stride = window.stride();
    int columns = columns(images);
    int length = outWidth * together;
    for (int j = 0; j < window.size(); j++) {
      int first = j * together;
      int begin = at + j * columns;
      if (stride == 1) {
        System.arraycopy(from, begin, term, first, length);
        for (int x = first; x < first + length; x++) {
          line[x] += term[x];
        }
        continue;
      }
      for (int x = 0; x < outWidth; x++) {
        for (int g = 0; g < together; g++) {
          line[first + x * stride * together + g] += from[begin + x * together + g];
        }
      }
    }
  }

  private void giveLine(float[] line, int together, float[] to, int at) {
    int side = window.padding() * together;
    if (together == 1) {
      System.arraycopy(line, side, to, at, window.width());
    } else {
      separate(line, side, together, window.width(), to, at, window.numbers());
    }
  }

  /** Moves results from the products, with their blocks, to where the layer has them. */
  void takeResults(float[] scratch, int first, int end, float[] plain) {
    for (int out = 0; out < blocks.outs(); out++) {
      for (int y = 0; y < outHeight; y++) {
        int to = first * outNumbers + (out * outHeight + y) * outWidth;
        takeRow(scratch, resultAt(out, y, end - first), end - first, plain, to);
      }
    }
  }

  /** Where a row of results lies in the scratch memory. */
  private int resultAt(int out, int y, int images) {
    int columns = columns(images);
    return resultsAt(y / blockRows, columns) + (out * blockRows + y % blockRows) * columns;
  }

  private void takeRow(float[] scratch, int from, int images, float[] plain, int to) {
    if (interleaved) {
      separate(scratch, from, images, outWidth, plain, to, outNumbers);
      return;
    }
    for (int g = 0; g < images; g++) {
      System.arraycopy(scratch, from + g * outWidth, plain, to + g * outNumbers, outWidth);
    }
  }

  /** Moves results, or what has their shape, from where the layer has them to the products. */
  void giveResults(float[] scratch, int first, int end, float[] plain) {
    int images = end - first;
    for (int out = 0; out < blocks.outs(); out++) {
      for (int y = 0; y < blocks.count() * blockRows; y++) {
        int to = resultAt(out, y, images);
        if (y < outHeight) {
          int from = first * outNumbers + (out * outHeight + y) * outWidth;
          giveRow(plain, from, images, scratch, to);
        } else {
          Arrays.fill(scratch, to, to + columns(images), 0);
        }
      }
    }
  }

  private void giveRow(float[] plain, int from, int images, float[] scratch, int to) {
    if (interleaved) {
      interleave(plain, from, outNumbers, images, outWidth, scratch, to);
      return;
    }
    for (int g = 0; g < images; g++) {
      System.arraycopy(plain, from + g * outNumbers, scratch, to + g * outWidth, outWidth);
    }
  }

  /** to[i·count + k] = from[k·apart + i]: of {@code count} lines, number by number. */
  private static void interleave(
      float[] from, int at, int apart, int count, int length, float[] to, int toAt) {
    int k = 0;
    for (; k + 4 <= count; k += 4) {
      int a = at + k * apart;
      int b = a + apart;
      int c = b + apart;
      int d = c + apart;
      int target = toAt + k;
      for (int i = 0; i < length; i++) {
        to[target] = from[a + i];
        to[target + 1] = from[b + i];
        to[target + 2] = from[c + i];
        to[target + 3] = from[d + i];
        target += count;
      }
    }
    for (; k < count; k++) {
      for (int i = 0; i < length; i++) {
        to[toAt + k + i * count] = from[at + k * apart + i];
      }
    }
  }

  /** Undoes {@link #interleave}. */
  private static void separate(
      float[] from, int at, int count, int length, float[] to, int toAt, int apart) {
    int k = 0;
    for (; k + 4 <= count; k += 4) {
      int a = toAt + k * apart;
      int b = a + apart;
      int c = b + apart;
      int d = c + apart;
      int source = at + k;
      for (int i = 0; i < length; i++) {
        to[a + i] = from[source];
        to[b + i] = from[source + 1];
        to[c + i] = from[source + 2];
        to[d + i] = from[source + 3];
        source += count;
      }
    }
    for (; k < count; k++) {
      for (int i = 0; i < length; i++) {
        to[toAt + k * apart + i] = from[at + k + i * count];
      }
    }
  }
}
