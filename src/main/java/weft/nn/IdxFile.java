package weft.nn;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * The format of MNIST: big-endian; a magic number, one size per dimension, then unsigned bytes.
 *
 * @see <a href="http://yann.lecun.com/exdb/mnist/">The MNIST database, file formats</a>
 */
final class IdxFile {
  private static final int IMAGES = 2051;
  private static final int LABELS = 2049;
  private static final int GZIP_MAGIC = 0x1f8b;

  private final String name;
  private final int[] shape;
  private final byte[] bytes;

  private IdxFile(String name, int[] shape, byte[] bytes) {
    this.name = name;
    this.shape = shape;
    this.bytes = bytes;
  }

  /** Pixels scaled from 0..255 to 0..1. */
  static Dataset read(
      String name, InputStream images, String imagesName, InputStream labels, String labelsName)
      throws IOException {
    var pictures = read(images, imagesName, IMAGES, 3);
    var classes = read(labels, labelsName, LABELS, 1);
    if (pictures.shape[0] != classes.shape[0]) {
      throw new IllegalArgumentException(
          "%s has %d images, but %s has %d labels: take both files of one set"
              .formatted(imagesName, pictures.shape[0], labelsName, classes.shape[0]));
    }
    return new Dataset(
        name,
        "%d x %d pixels in IDX format, scaled from 0..255 to 0..1."
            .formatted(pictures.shape[1], pictures.shape[2]),
        pixelNames(pictures.shape[1], pictures.shape[2]),
        classes.classNames(),
        pictures.scaled(),
        classes.unsigned());
  }

  private static IdxFile read(InputStream source, String name, int magic, int dimensions)
      throws IOException {
    try (var in = new DataInputStream(plain(source))) {
      int found = in.readInt();
      if (found != magic) {
        throw new IllegalArgumentException(
            "%s begins with magic number %d, %s in IDX format begin with %d: %s"
                .formatted(
                    name,
                    found,
                    magic == IMAGES ? "images" : "labels",
                    magic,
                    found == IMAGES || found == LABELS
                        ? "the two files are swapped"
                        : "check that it is the file meant"));
      }
      return body(in, name, dimensions);
    } catch (EOFException e) {
      throw new IllegalArgumentException(
          name + " ends within its header or its compressed data: fetch the file again", e);
    }
  }

  private static IdxFile body(DataInputStream in, String name, int dimensions) throws IOException {
    int[] shape = new int[dimensions];
    long size = 1;
    for (int i = 0; i < dimensions; i++) {
      shape[i] = in.readInt();
      size *= shape[i];
      if (shape[i] < 1 || size > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            "%s announces size %d for dimension %d: the file is damaged, fetch it again"
                .formatted(name, shape[i], i + 1));
      }
    }
    byte[] bytes = in.readNBytes((int) size);
    if (bytes.length < size) {
      throw new IllegalArgumentException(
          "%s announces %d bytes of data, but ends after %d: fetch the file again"
              .formatted(name, size, bytes.length));
    }
    if (in.read() >= 0) {
      throw new IllegalArgumentException(
          "%s announces %d bytes of data, but goes on after them: fetch the file again"
              .formatted(name, size));
    }
    return new IdxFile(name, shape, bytes);
  }

  /** Sees by the first two bytes whether the data is compressed. */
  private static InputStream plain(InputStream source) throws IOException {
    var in = new BufferedInputStream(source);
    in.mark(2);
    int first = in.read() << 8 | in.read();
    in.reset();
    return first == GZIP_MAGIC ? new GZIPInputStream(in) : in;
  }

  private float[] scaled() {
    float[] values = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      values[i] = (bytes[i] & 0xff) / 255f;
    }
    return values;
  }

  private int[] unsigned() {
    int[] labels = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      labels[i] = bytes[i] & 0xff;
    }
    return labels;
  }

  /** 0 to 9 at least: a part of MNIST that lacks the nines still has ten classes. */
  private List<String> classNames() {
    int most = IntStream.of(unsigned()).max().orElse(0);
    if (most > 99) {
      throw new IllegalArgumentException(
          "%s holds label %d, out of range: labels count the classes from 0 to at most 99"
              .formatted(name, most));
    }
    return IntStream.rangeClosed(0, Math.max(9, most)).mapToObj(String::valueOf).toList();
  }

  private static List<String> pixelNames(int rows, int columns) {
    var names = new ArrayList<String>();
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        names.add("row %d column %d".formatted(r + 1, c + 1));
      }
    }
    return names;
  }
}
