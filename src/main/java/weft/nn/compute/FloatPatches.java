package weft.nn.compute;

import java.util.Arrays;

/**
 * Copies a convolution's images into the columns of its product and back, as {@link
 * ConvolutionBlocks} tells, in the scratch memory of a thread. Images whose lines are short are
 * interleaved first, number by number, so that one line of all of them is copied at once.
 */
final class FloatPatches {
  private final Window window;
  private final ConvolutionBlocks blocks;
  private final int lanes;

  /** Of window and blocks, which compute it by divisions. */
  private final int blockCount;

  private final int blockRows;
  private final int blockColumns;
  private final int numbers;
  private final int results;
  private final int inRows;
  private final int outWidth;
  private final int outHeight;
  private final int outNumbers;
  private final int paddedWidth;
  private final int paddedPlane;
  private final int resultsAt;
  private final int imageAt;
  private final int plainAt;
  private final int size;

  /**
   * A line of the image and what is added to it, at the same indices of two arrays of a thread's
   * own: so the compiler adds several numbers at once.
   */
  private final float[][] lines;

  private final float[][] terms;

  FloatPatches(Window window, ConvolutionBlocks blocks, int threads) {
    this.window = window;
    this.blocks = blocks;
    lanes = blocks.interleaved();
    blockCount = blocks.count();
    blockRows = blocks.rows();
    blockColumns = blocks.columns();
    numbers = blocks.numbers();
    results = blocks.results();
    inRows = blocks.inRows();
    outWidth = window.outWidth();
    outHeight = window.outHeight();
    outNumbers = blocks.outs() * window.outPlane();
    paddedWidth = blocks.paddedWidth();
    paddedPlane = blocks.paddedPlane();
    int columns = Math.multiplyExact(blocks.images(), blockColumns);
    resultsAt = Math.multiplyExact(numbers + 1, columns);
    imageAt = Math.addExact(resultsAt, Math.multiplyExact(results, columns));
    plainAt = Math.addExact(imageAt, lanes * window.channels() * paddedPlane);
    int plain = lanes == 1 ? 0 : lanes * Math.max(window.numbers(), outNumbers);
    size = Math.addExact(plainAt, plain);
    lines = new float[threads][paddedWidth * lanes];
    terms = new float[threads][paddedWidth * lanes];
  }

  /** Numbers of scratch memory. */
  int size() {
    return size;
  }

  /** Where in the scratch memory the results of the product are, a row a result; before, its in. */
  int resultsAt() {
    return resultsAt;
  }

  /** How many samples from {@code sample} on lie interleaved. */
  private int together(int sample, int end) {
    return Math.min(lanes, end - sample);
  }

  /** Writes what the columns of all blocks look at, a row per number, and a row of ones. */
  void unfold(float[] in, int first, int end, float[] scratch) {
    int columns = (end - first) * blockColumns;
    for (int sample = first; sample < end; sample += lanes) {
      int count = together(sample, end);
      float[] from = in;
      int at = sample * window.numbers();
      if (count > 1) {
        int to = blocks.padded() ? plainAt : imageAt;
        interleave(in, at, count, window.numbers(), scratch, to);
        from = scratch;
        at = to;
      }
      if (blocks.padded()) {
        Arrays.fill(scratch, imageAt, imageAt + count * window.channels() * paddedPlane, 0);
        pad(from, at, scratch, imageAt, count, true);
        from = scratch;
        at = imageAt;
      }
      spread(from, at, scratch, (sample - first) * blockColumns, columns, count);
    }
    Arrays.fill(scratch, numbers * columns, (numbers + 1) * columns, 1);
  }

  private void spread(float[] image, int imageOffset, float[] to, int at, int columns, int count) {
    int kernel = window.size();
    int line = outWidth * count;
    int moved = blocks.step() * paddedWidth * count;
    int row = at;
    for (int c = 0; c < window.channels(); c++) {
      for (int i = 0; i < inRows; i++) {
        int from = imageOffset + (c * paddedPlane + i * paddedWidth) * count;
        for (int j = 0; j < kernel; j++) {
          for (int b = 0; b < blockCount; b++) {
            take(image, from + j * count + b * moved, to, row + b * line, count);
          }
          row += columns;
        }
      }
    }
  }

  private void take(float[] image, int from, float[] to, int at, int count) {
    int stride = window.stride();
    if (stride == 1) {
      System.arraycopy(image, from, to, at, outWidth * count);
      return;
    }
    for (int x = 0; x < outWidth; x++) {
      for (int g = 0; g < count; g++) {
        to[at + x * count + g] = image[from + x * stride * count + g];
      }
    }
  }

  /** Adds up into {@code to} what {@link #unfold} spread; the results are lost. */
  void fold(float[] scratch, int first, int end, float[] to, int lane) {
    int columns = (end - first) * blockColumns;
    for (int sample = first; sample < end; sample += lanes) {
      int count = together(sample, end);
      int at = sample * window.numbers();
      boolean direct = count == 1 && !blocks.padded();
      float[] image = direct ? to : scratch;
      int imageOffset = direct ? at : imageAt;
      gather(scratch, (sample - first) * blockColumns, columns, image, imageOffset, count, lane);
      if (blocks.padded()) {
        pad(count == 1 ? to : scratch, count == 1 ? at : plainAt, scratch, imageAt, count, false);
      }
      if (count > 1) {
        int from = blocks.padded() ? plainAt : imageAt;
        separate(scratch, from, count, window.numbers(), to, at);
      }
    }
  }

  private void gather(
      float[] from, int at, int columns, float[] image, int imageOffset, int count, int lane) {
    Arrays.fill(image, imageOffset, imageOffset + count * window.channels() * paddedPlane, 0);
    if (window.stride() > 1) {
      gatherApart(from, at, columns, image, imageOffset, count);
      return;
    }
    int kernel = window.size();
    int length = outWidth * count;
    int reach = (outWidth + kernel - 1) * count;
    int moved = blocks.step() * paddedWidth * count;
    float[] line = lines[lane];
    float[] term = terms[lane];
    int row = at;
    for (int c = 0; c < window.channels(); c++) {
      for (int i = 0; i < inRows; i++) {
        int top = imageOffset + (c * paddedPlane + i * paddedWidth) * count;
        for (int b = 0; b < blockCount; b++) {
          System.arraycopy(image, top + b * moved, line, 0, reach);
          for (int j = 0; j < kernel; j++) {
            int first = j * count;
            System.arraycopy(from, row + j * columns + b * length, term, first, length);
            for (int x = first; x < first + length; x++) {
              line[x] += term[x];
            }
          }
          System.arraycopy(line, 0, image, top + b * moved, reach);
        }
        row += kernel * columns;
      }
    }
  }

  /** As {@link #gather} where neighbouring results look at numbers that are a stride apart. */
  private void gatherApart(
      float[] from, int at, int columns, float[] image, int imageOffset, int count) {
    int kernel = window.size();
    int stride = window.stride();
    int length = outWidth * count;
    int moved = blocks.step() * paddedWidth * count;
    int row = at;
    for (int c = 0; c < window.channels(); c++) {
      for (int i = 0; i < inRows; i++) {
        int line = imageOffset + (c * paddedPlane + i * paddedWidth) * count;
        for (int j = 0; j < kernel; j++) {
          for (int b = 0; b < blockCount; b++) {
            int to = line + j * count + b * moved;
            for (int x = 0; x < outWidth; x++) {
              for (int g = 0; g < count; g++) {
                image[to + x * stride * count + g] += from[row + b * length + x * count + g];
              }
            }
          }
          row += columns;
        }
      }
    }
  }

  /** Copies interleaved images into ones with zeros around them, or back. */
  private void pad(float[] plain, int at, float[] padded, int paddedAt, int count, boolean in) {
    int padding = window.padding();
    int line = window.width() * count;
    for (int c = 0; c < window.channels(); c++) {
      for (int y = 0; y < window.height(); y++) {
        int from = at + (c * window.plane() + y * window.width()) * count;
        int to = paddedAt + (c * paddedPlane + (y + padding) * paddedWidth + padding) * count;
        if (in) {
          System.arraycopy(plain, from, padded, to, line);
        } else {
          System.arraycopy(padded, to, plain, from, line);
        }
      }
    }
  }

  /** Moves results from the product, with its blocks, to where the layer has them. */
  void takeResults(float[] scratch, int first, int end, float[] plain) {
    for (int sample = first; sample < end; sample += lanes) {
      int count = together(sample, end);
      int at = sample * outNumbers;
      moveResults(
          scratch, first, end, sample, count > 1 ? scratch : plain, count > 1 ? plainAt : at, true);
      if (count > 1) {
        separate(scratch, plainAt, count, outNumbers, plain, at);
      }
    }
  }

  /** Moves results, or what has their shape, from where the layer has them to the product. */
  void giveResults(float[] scratch, int first, int end, float[] plain) {
    for (int sample = first; sample < end; sample += lanes) {
      int count = together(sample, end);
      int at = sample * outNumbers;
      if (count > 1) {
        interleave(plain, at, count, outNumbers, scratch, plainAt);
      }
      moveResults(
          scratch,
          first,
          end,
          sample,
          count > 1 ? scratch : plain,
          count > 1 ? plainAt : at,
          false);
    }
  }

  private void moveResults(
      float[] scratch, int first, int end, int sample, float[] plain, int at, boolean out) {
    int count = together(sample, end);
    int columns = (end - first) * blockColumns;
    int begin = resultsAt + (sample - first) * blockColumns;
    int line = outWidth * count;
    for (int r = 0; r < results; r++) {
      int plane = at + r / blockRows * outHeight * line;
      for (int b = 0; b < blockCount; b++) {
        int y = b * blockRows + r % blockRows;
        int from = begin + r * columns + b * line;
        if (y >= outHeight) {
          Arrays.fill(scratch, from, from + line, 0);
        } else if (out) {
          System.arraycopy(scratch, from, plain, plane + y * line, line);
        } else {
          System.arraycopy(plain, plane + y * line, scratch, from, line);
        }
      }
    }
  }

  /** to[i·count + k] = from[k·length + i]: of {@code count} rows, number by number. */
  private static void interleave(
      float[] from, int at, int count, int length, float[] to, int toAt) {
    int k = 0;
    for (; k + 4 <= count; k += 4) {
      int a = at + k * length;
      int b = a + length;
      int c = b + length;
      int d = c + length;
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
        to[toAt + k + i * count] = from[at + k * length + i];
      }
    }
  }

  /** Undoes {@link #interleave}. */
  private static void separate(float[] from, int at, int count, int length, float[] to, int toAt) {
    int k = 0;
    for (; k + 4 <= count; k += 4) {
      int a = toAt + k * length;
      int b = a + length;
      int c = b + length;
      int d = c + length;
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
        to[toAt + k * length + i] = from[at + k + i * count];
      }
    }
  }
}
