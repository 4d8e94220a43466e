package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data sets that come with Weft and the reader's own, whose mistakes are named by line. */
class DatasetsTest {
  @TempDir Path folder = Path.of("");

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static byte[] idx(int magic, int[] shape, int bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    var data = new DataOutputStream(out);
    data.writeInt(magic);
    for (int size : shape) {
      data.writeInt(size);
    }
    data.write(new byte[bytes]);
    return out.toByteArray();
  }

  private String file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes).toString();
  }

  @Test
  void digitsAreLearnedFromSomeWritersAndJudgedByOthers() {
    var digits = Datasets.digits();
    assertEquals(3823, digits.train().size());
    assertEquals(1797, digits.test().size());
    assertEquals(64, digits.train().features());
    assertEquals(10, digits.test().classes());
    assertEquals(6 / 16.0, digits.train().inputs(0)[2]);
    assertEquals(7, digits.train().label(2));
  }

  @Test
  void mnistHasTenThousandImagesOf784Pixels() {
    var mnist = Datasets.mnist();
    assertEquals(10_000, mnist.size());
    assertEquals(784, mnist.features());
    assertEquals(10, mnist.classes());
    assertEquals(List.of(7, 2, 1, 0), IntStream.range(0, 4).mapToObj(mnist::label).toList());
    assertEquals(
        1, IntStream.range(0, 784).mapToDouble(i -> mnist.inputs(0)[i]).max().orElse(0), 0.01);
  }

  @Test
  void penguinsWithMissingMeasurementsAreLeftOutAndCounted() {
    var penguins = Datasets.penguins();
    assertEquals(342, penguins.size());
    assertEquals(List.of("Adelie", "Chinstrap", "Gentoo"), penguins.classNames());
    assertTrue(
        penguins.description().contains("2 rows with missing values were left out"),
        penguins.description());
    assertEquals(39.1, penguins.table().doubleColumn("bill_length_mm").get(0));
    assertEquals("Adelie", penguins.table().stringColumn("class").get(0));
  }

  @Test
  void standardisedFeaturesHaveMeanZeroAndDeviationOne() {
    var table = Datasets.penguins().standardized().table();
    assertEquals(0, table.doubleColumn("body_mass_g").mean(), 1e-6);
    assertEquals(1, table.doubleColumn("body_mass_g").standardDeviation(), 2e-3);
  }

  @Test
  void heldOutRowsAreScaledByTheRowsToLearnFrom() {
    var split = Datasets.penguins().holdOutEvery(5);
    assertEquals("penguins train", split.train().name());
    assertEquals("penguins test", split.test().name());
    assertEquals("penguins train", split.train().holdOut(0.25, 1).train().name());
    assertEquals("penguins validation", split.train().holdOut(0.25, 1).test().name());
    assertEquals(274, split.train().size());
    assertEquals(68, split.test().size());
    var scaled = split.standardized();
    assertEquals(0, scaled.train().table().doubleColumn("body_mass_g").mean(), 1e-6);
    assertTrue(Math.abs(scaled.test().table().doubleColumn("body_mass_g").mean()) > 1e-4);
  }

  @Test
  void chosenRowsKeepTheirOrderAndAllClasses() {
    var rows = Datasets.penguins().rows(300, 0);
    assertEquals(2, rows.size());
    assertEquals(3, rows.classes());
    assertEquals(0, rows.label(1));
    assertEquals(
        "the data set penguins has rows 0 to 341, got row 342: name one of those",
        Refusal.of(() -> Datasets.penguins().rows(342)));
    assertEquals(
        "holdOutEvery(n) needs n from 2 to the 342 rows of penguins, got 1: 5 keeps a fifth",
        Refusal.of(() -> Datasets.penguins().holdOutEvery(1)));
  }

  @Test
  void ownFilesAreReadByTheNameOfTheClassColumn() throws IOException {
    var data = Datasets.csv(file("own.csv", "w,kind,h\r\n1,b,2\r\n\r\n3,a,4.5\r\n"), "kind");
    assertEquals(List.of("w", "h"), data.featureNames());
    assertEquals(List.of("a", "b"), data.classNames());
    assertEquals(4.5, data.inputs(1)[1]);
    assertEquals(List.of("h"), Datasets.csv(folder.resolve("own.csv"), "kind", "h").featureNames());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a,c;1,0;x,1       | own.csv, line 3, column a: "x" is not a number: correct it, or name the columns to use, as csv(file, "class", "width", "height")
          a,c;1,0;;,1       | own.csv, line 4, column a: no value: fill it in or delete the row
          a,c;1,0;NaN,1     | own.csv, line 3, column a: NaN is not a finite number: correct it or delete the row
          a,c;1e99,0        | own.csv, line 2, column a: 1e99 is not a finite number: correct it or delete the row
          a,c;1,0;1         | own.csv, line 3: 1 values, but the header names 2 columns: add or remove values
          a,c;1,            | own.csv, line 2, column c: no value: give the row a class or delete it
          a,c;1,0;1,2.5     | own.csv, line 3, column c: class 2.5 is out of range: numbered classes are whole numbers from 0 to 999
          a,c;1,0;1,-1      | own.csv, line 3, column c: class -1 is out of range: numbered classes are whole numbers from 0 to 999
          a,c;1,2001        | own.csv, line 2, column c: class 2001 is out of range: numbered classes are whole numbers from 0 to 999
          a,b;1,0           | own.csv, line 1: there is no column c; the columns are a, b
          c;1               | own.csv, line 1: only the column c, no feature beside the class: are the values separated by commas?
          a,c               | the data set own.csv has no rows: check its source
          """)
  void aMistakeInAFileIsNamedByLineAndColumn(String text, String message) throws IOException {
    String name = file("own.csv", text.replace(';', '\n'));
    assertEquals(message, Refusal.of(() -> Datasets.csv(name, "c")));
  }

  @Test
  void anEmptyFileAndAMissingOneAreNamed() throws IOException {
    String empty = file("empty.csv", "");
    assertEquals(
        "empty.csv is empty: its first line names the columns, each line after it is a row",
        Refusal.of(() -> Datasets.csv(empty, "c")));
    var message = Refusal.of(() -> Datasets.csv("no/such.csv", "c"));
    assertTrue(message.startsWith("there is no file no/such.csv: give its path from /"), message);
  }

  @Test
  void idxFilesAreReadPlainOrCompressed() throws IOException {
    var compressed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(compressed)) {
      out.write(idx(2051, new int[] {3, 2, 2}, 12));
    }
    var data =
        Datasets.idx(
            file("images.gz", compressed.toByteArray()),
            file("labels", idx(2049, new int[] {3}, 3)));
    assertEquals(3, data.size());
    assertEquals(4, data.features());
    assertEquals(10, data.classes());
  }

  @Test
  void damagedIdxFilesAreNamed() throws IOException {
    String images = file("images", idx(2051, new int[] {3, 2, 2}, 12));
    String labels = file("labels", idx(2049, new int[] {3}, 3));
    assertEquals(
        "labels begins with magic number 2049, images in IDX format begin with 2051: the two files"
            + " are swapped",
        Refusal.of(() -> Datasets.idx(labels, images)));
    String other = file("other", idx(77, new int[] {3}, 3));
    assertEquals(
        "other begins with magic number 77, labels in IDX format begin with 2049: check that it is"
            + " the file meant",
        Refusal.of(() -> Datasets.idx(images, other)));
    String shortened = file("short", idx(2051, new int[] {3, 2, 2}, 10));
    assertEquals(
        "short announces 12 bytes of data, but ends after 10: fetch the file again",
        Refusal.of(() -> Datasets.idx(shortened, labels)));
    String longer = file("long", idx(2051, new int[] {3, 2, 2}, 13));
    assertEquals(
        "long announces 12 bytes of data, but goes on after them: fetch the file again",
        Refusal.of(() -> Datasets.idx(longer, labels)));
    String header = file("header", new byte[] {0, 0});
    assertEquals(
        "header ends within its header or its compressed data: fetch the file again",
        Refusal.of(() -> Datasets.idx(header, labels)));
    String negative = file("negative", idx(2051, new int[] {-3, 2, 2}, 0));
    assertEquals(
        "negative announces size -3 for dimension 1: the file is damaged, fetch it again",
        Refusal.of(() -> Datasets.idx(negative, labels)));
  }

  @Test
  void imagesAndLabelsMustBeOfOneSet() throws IOException {
    String images = file("images", idx(2051, new int[] {3, 2, 2}, 12));
    String two = file("two", idx(2049, new int[] {2}, 2));
    assertEquals(
        "images has 3 images, but two has 2 labels: take both files of one set",
        Refusal.of(() -> Datasets.idx(images, two)));
    byte[] wrong = idx(2049, new int[] {3}, 3);
    wrong[9] = (byte) 200;
    String labels = file("labels", wrong);
    assertEquals(
        "labels holds label 200, out of range: labels count the classes from 0 to at most 99",
        Refusal.of(() -> Datasets.idx(images, labels)));
  }

  @Test
  void aMatrixHasARowASample() {
    Dataset penguins = Datasets.penguins();
    var matrix = penguins.matrix();
    assertEquals(penguins.size(), matrix.getRowDimension());
    assertEquals(4, matrix.getColumnDimension());
    assertArrayEquals(penguins.inputs(7), matrix.getRow(7));
  }

  @Test
  void rowsThatDoNotExistAreNamed() {
    Dataset test = Datasets.digits().test();
    assertEquals(
        "row -1 does not exist: give one from 0 to 1796", Refusal.of(() -> test.inputs(-1)));
    assertEquals(
        "row 1797 does not exist: give one from 0 to 1796", Refusal.of(() -> test.label(1797)));
    assertTrue(Refusal.of(test::rows).startsWith("rows(...) takes at least one row number"));
  }

  private String refused(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("mine.csv"), text);
    return Refusal.of(() -> Datasets.csv(file, "class"));
  }

  @Test
  void aHeaderThatCannotBeReadIsRefused() throws IOException {
    assertEquals(
        "mine.csv, line 1: two columns are called x: rename one", refused("x,x,class\n1,2,a\n"));
    assertEquals(
        "mine.csv, line 1: column 2 has no name: give it one", refused("x,,class\n1,2,a\n"));
    assertEquals(
        "mine.csv, line 1: the values are separated by semicolons: separate them by commas",
        refused("x;class\n1;a\n"));
  }

  @Test
  void aQuoteThatIsNotClosedIsNamed() throws IOException {
    assertEquals(
        "mine.csv, line 3: a quoted value goes on into the next line: close its quote",
        refused("x,class\n1,a\n2,\"b\n3,a\n4,b\n"));
  }

  @Test
  void aFileThatIsNotCompressedIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.csv.gz"), "x,class\n1,a\n");
    assertEquals(
        "mine.csv.gz ends in .gz, but is not compressed by gzip: fetch it again or rename it",
        Refusal.of(() -> Datasets.csv(file, "class")));
  }

  @Test
  void filesThatAreNoTextOrCutShortAreRefused() throws IOException {
    byte[] latin = "a,b,class\n1,2,S\u00fcd\n".getBytes(StandardCharsets.ISO_8859_1);
    for (String told :
        List.of(
            Refusal.of(() -> Datasets.csv(file("latin.csv", latin), "class")),
            Refusal.of(() -> Datasets.csv(file("latin.csv", latin), List.of("a"), "b")),
            Refusal.of(() -> Datasets.text(file("latin.csv", latin))))) {
      assertEquals(
          "latin.csv is not text in UTF-8: save it as UTF-8, or check that it is the file meant",
          told);
    }
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write("a,b,class\n1,2,x\n3,4,y\n".getBytes(StandardCharsets.UTF_8));
    }
    byte[] half = Arrays.copyOf(packed.toByteArray(), packed.size() - 12);
    assertEquals(
        "cut.csv.gz is damaged or cut short: fetch it again",
        Refusal.of(() -> Datasets.csv(file("cut.csv.gz", half), "class")));
    assertEquals(
        "cut.csv.gz is damaged or cut short: fetch it again",
        Refusal.of(() -> Datasets.text(file("cut.csv.gz", half))));
  }

  @Test
  void aPictureOfManyRowsNamesTheFirst() {
    String alt = Datasets.digits().test().picture(IntStream.range(0, 300).toArray()).alt();
    assertTrue(alt.startsWith("rows of digits test: 0 is 0, 1 is 1"), alt);
    assertTrue(alt.endsWith(", and 280 more"), alt);
  }
}
