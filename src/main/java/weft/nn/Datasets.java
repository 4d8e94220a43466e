package weft.nn;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import weft.units.Check;

/** The data sets that come with Weft, and the reader's own. Origins: {@code ATTRIBUTION.md}. */
public final class Datasets {
  private static final String FOLDER = "/weft/data/";

  private static final String IDX = "write for example idx(\"images.gz\", \"labels.gz\")";

  private Datasets() {}

  /**
   * Handwritten digits as 8 x 8 counts, 0..16 scaled to 0..1: 3,823 to learn from, and 1,797 by
   * other writers to judge by.
   *
   * @see <a href="https://doi.org/10.24432/C50P49">Alpaydin and Kaynak, Optical Recognition of
   *     Handwritten Digits, UCI, 1998</a>
   */
  public static Split digits() {
    return new Split(digits("train"), digits("test"));
  }

  private static Dataset digits(String part) {
    String file = "optdigits-" + part + ".csv.gz";
    try (var text = reader(new GZIPInputStream(resource(file)))) {
      var raw = CsvFile.read(text, file, "Class", new String[0], false);
      return scaled(raw, 16, " Counts scaled from 0..16 to 0..1.").named("digits " + part);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The 10,000 test images of MNIST, 28 x 28 pixels scaled to 0..1. The 60,000 training images do
   * not come with Weft; load your own copy with {@link #idx}.
   */
  public static Dataset mnist() {
    try (var images = resource("mnist-t10k-images-idx3-ubyte.gz");
        var labels = resource("mnist-t10k-labels-idx1-ubyte.gz")) {
      return IdxFile.read("mnist t10k", images, "MNIST images", labels, "MNIST labels");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Penguins of three species by four measurements in millimetres and grams; the rows with missing
   * measurements are left out, and {@link Dataset#description} says how many. Measurements differ
   * in size by a thousand: see {@link Dataset#standardized}.
   */
  public static Dataset penguins() {
    try (var text = reader(resource("penguins.csv"))) {
      String[] features = {"bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"};
      return CsvFile.read(text, "penguins.csv", "species", features, true).named("penguins");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * <i>Persuasion</i>, Jane Austen's last novel, as the characters that a language model learns to
   * predict: 466,853 of them, 75 different ones, with the line breaks of the edition.
   *
   * @see <a href="https://www.gutenberg.org/ebooks/105">Project Gutenberg, ebook 105</a>
   */
  public static Text persuasion() {
    try (var reader = reader(new GZIPInputStream(resource("persuasion.txt.gz")))) {
      return Text.of("Persuasion", "The novel by Jane Austen, 1818.", content(reader));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A text of the reader's own in UTF-8, plain or {@code .gz}. Line ends of Windows are read as
   * those of Unix.
   *
   * @throws IllegalArgumentException if there is no such file, or it has less than two different
   *     characters, or it is not UTF-8
   */
  public static Text text(Path file) {
    Check.notNull("a file", file, "write for example text(\"letters.txt\")");
    try (var reader = reader(open(file))) {
      String content = content(reader).replace("\r\n", "\n");
      return Text.of(fileName(file), "Read from a file.", content);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** {@link #text(Path)} of a file named by a text. */
  public static Text text(String file) {
    return text(Path.of(Check.notNull("a file", file, "write for example text(\"letters.txt\")")));
  }

  /** Read to its end before it is parsed, so that what cannot be read is told from what it says. */
  private static StringReader whole(InputStreamReader reader) throws IOException {
    return new StringReader(content(reader));
  }

  private static String content(InputStreamReader reader) throws IOException {
    var content = new StringWriter();
    reader.transferTo(content);
    return content.toString();
  }

  /**
   * Comma-separated text with a header line, plain or {@code .gz}. A class is a text, or a whole
   * number from 0.
   *
   * @param label the column with the class
   * @param features the columns to read as numbers; none means all but the label
   * @throws IllegalArgumentException naming file, line and column, if a value cannot be used
   */
  public static Dataset csv(Path file, String label, String... features) {
    checkCsv(file, label, features);
    try (var text = reader(open(file))) {
      return CsvFile.read(whole(text), fileName(file), label, features, false);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** {@link #csv(Path, String, String...)} of a file named by a text. */
  public static Dataset csv(String file, String label, String... features) {
    checkCsv(file, label, features);
    return csv(Path.of(file), label, features);
  }

  /**
   * Comma-separated text with a header line, plain or {@code .gz}, with numbers to predict.
   *
   * @param targets the columns with the numbers to predict
   * @param features the columns to read as inputs; none means all others
   * @throws IllegalArgumentException naming file, line and column, if a value cannot be used
   */
  public static Dataset csv(Path file, List<String> targets, String... features) {
    checkCsv(file, targets, features);
    try (var text = reader(open(file))) {
      return CsvFile.readNumbers(whole(text), fileName(file), targets, features);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** {@link #csv(Path, List, String...)} of a file named by a text. */
  public static Dataset csv(String file, List<String> targets, String... features) {
    checkCsv(file, targets, features);
    return csv(Path.of(file), targets, features);
  }

  private static void checkCsv(Object file, List<String> targets, String[] features) {
    String remedy = "write for example csv(\"houses.csv\", List.of(\"price\"))";
    Check.notNull("a file", file, remedy);
    if (Check.notNull("the columns to predict", targets, remedy).isEmpty()) {
      throw new IllegalArgumentException(
          "csv(file, targets) needs at least one column to predict: " + remedy);
    }
    Check.noneNull("feature columns", features, remedy);
  }

  /**
   * Images and labels in the format of MNIST, plain or {@code .gz}, pixels scaled to 0..1.
   *
   * @throws IllegalArgumentException if a file is not in the format, damaged, or not of one set
   */
  public static Dataset idx(Path images, Path labels) {
    Check.notNull("the file of images", images, IDX);
    Check.notNull("the file of labels", labels, IDX);
    try (var pictures = Files.newInputStream(found(images));
        var classes = Files.newInputStream(found(labels))) {
      return IdxFile.read(fileName(images), pictures, fileName(images), classes, fileName(labels));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@link #idx(Path, Path)} of files named by texts. */
  public static Dataset idx(String images, String labels) {
    Check.notNull("the file of images", images, IDX);
    Check.notNull("the file of labels", labels, IDX);
    return idx(Path.of(images), Path.of(labels));
  }

  private static void checkCsv(Object file, String label, String[] features) {
    String remedy = "write for example csv(\"flowers.csv\", \"species\")";
    Check.notNull("a file", file, remedy);
    Check.notNull("the column with the class", label, remedy);
    Check.noneNull("feature columns", features, remedy);
  }

  private static Dataset scaled(Dataset data, float divisor, String note) {
    float[] values = new float[data.size() * data.features()];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.value(i / data.features(), i % data.features()) / divisor;
    }
    return data.withValues(values, note);
  }

  /** One that refuses what is not UTF-8, instead of reading a sign for it. */
  private static InputStreamReader reader(InputStream in) {
    return new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
  }

  private static RuntimeException unreadable(Path file, IOException thrown) {
    if (thrown instanceof CharacterCodingException) {
      return new IllegalArgumentException(
          "%s is not text in UTF-8: save it as UTF-8, or check that it is the file meant"
              .formatted(fileName(file)),
          thrown);
    }
    if (thrown instanceof ZipException || thrown instanceof EOFException) {
      return new IllegalArgumentException(
          "%s is damaged or cut short: fetch it again".formatted(fileName(file)), thrown);
    }
    return new UncheckedIOException(thrown);
  }

  private static InputStream open(Path file) throws IOException {
    var in = Files.newInputStream(found(file));
    if (!fileName(file).endsWith(".gz")) {
      return in;
    }
    try {
      return new GZIPInputStream(in);
    } catch (ZipException | EOFException e) {
      in.close();
      throw new IllegalArgumentException(
          "%s ends in .gz, but is not compressed by gzip: fetch it again or rename it"
              .formatted(fileName(file)),
          e);
    }
  }

  private static String fileName(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static Path found(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new IllegalArgumentException(
          "there is no file %s: give its path from %s, or a full one"
              .formatted(file, Path.of("").toAbsolutePath()));
    }
    return file;
  }

  private static InputStream resource(String name) {
    var in = Datasets.class.getResourceAsStream(FOLDER + name);
    if (in == null) {
      throw new IllegalStateException(
          "the resource %s%s is missing: is weft.jar complete?".formatted(FOLDER, name));
    }
    return in;
  }
}
