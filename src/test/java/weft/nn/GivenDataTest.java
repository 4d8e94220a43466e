package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data sets written in a cell, with numbers to predict, and parted by chance. */
class GivenDataTest {
  private static final double[][] ROWS = {{1, 2}, {3, 4}, {5, 6}};

  @Test
  void rowsMayHaveClasses() {
    var data = Dataset.of(ROWS, new int[] {0, 2, 0});
    assertEquals(3, data.size());
    assertEquals(List.of("0", "1", "2"), data.classNames());
    assertEquals(2, data.label(1));
    assertArrayEquals(new double[] {3, 4}, data.inputs(1));
    assertArrayEquals(new double[] {0, 0, 1}, data.targets(1));
    assertEquals(List.of("x1", "x2", "class"), data.table().columnNames());
  }

  @Test
  void rowsMayHaveNumbers() {
    var data = Dataset.of(ROWS, new double[][] {{0.5}, {-1}, {2}});
    assertEquals(3, data.size());
    assertEquals(0, data.classes());
    assertArrayEquals(new double[] {-1}, data.targets(1));
    assertArrayEquals(new double[] {2}, data.rows(2, 0).targets(0));
    assertArrayEquals(new double[] {2}, data.standardized().targets(2));
    assertEquals(List.of("x1", "x2", "y1"), data.table().columnNames());
    assertTrue(data.toString().startsWith("data: 3 rows, 2 features, 1 number to predict."));
    assertTrue(
        Refusal.of(IllegalStateException.class, () -> data.label(0)).contains("read targets(row)"));
  }

  @Test
  void whatCannotBeUsedIsNamedByItsRow() {
    assertEquals(
        "row 1, input 2 is NaN, but data are finite numbers: correct it or leave the row out",
        Refusal.of(() -> Dataset.of(new double[][] {{1, 2}, {3, Double.NaN}}, new int[2])));
    assertEquals(
        "row 0, target 1 is Infinity, but data are finite numbers: correct it or leave the row out",
        Refusal.of(
            () -> Dataset.of(new double[][] {{1}}, new double[][] {{Double.POSITIVE_INFINITY}})));
    assertEquals(
        "row 0, input 1 is 1.0E300, but data are finite numbers up to 3.4e38, what float32 holds:"
            + " correct it or leave the row out",
        Refusal.of(() -> Dataset.of(new double[][] {{1e300}}, new int[1])));
    assertEquals(
        "row 0 of inputs has no numbers: give every row as many, at least 1",
        Refusal.of(() -> Dataset.of(new double[][] {{}}, new int[1])));
    assertEquals(
        "row 2 of inputs has 1 number, row 0 has 2: give every row as many, at least 1",
        Refusal.of(() -> Dataset.of(new double[][] {{1, 2}, {3, 4}, {5}}, new int[3])));
    assertEquals(
        "row 1 has class -1, out of range: classes count from 0 to at most 999",
        Refusal.of(() -> Dataset.of(ROWS, new int[] {0, -1, 1})));
    assertEquals(
        "every row of inputs has its own, but there are 3 rows and 2 classes: give as many",
        Refusal.of(() -> Dataset.of(ROWS, new int[2])));
    assertTrue(
        Refusal.of(() -> Dataset.of(new double[0][], new int[0]))
            .startsWith("there are no rows of inputs: write for example Dataset.of("));
  }

  @Test
  void filesMayHoldNumbersToPredict(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("houses.csv");
    Files.writeString(file, "area,rooms,price,rent\n100,4,3.5,1\n50,2,1.25,0.5\n");
    var data = Datasets.csv(file, List.of("price", "rent"));
    assertEquals(List.of("area", "rooms"), data.featureNames());
    assertEquals(List.of("price", "rent"), data.targetNames());
    assertArrayEquals(new double[] {1.25, 0.5}, data.targets(1));
    var one = Datasets.csv(file.toString(), List.of("price"), "area");
    assertArrayEquals(new double[] {100}, one.inputs(0));
    Files.writeString(file, "area,price\n1,2\n3,x\n");
    assertTrue(
        Refusal.of(() -> Datasets.csv(file, List.of("price")))
            .startsWith("houses.csv, line 3, column price: \"x\" is not a number"));
    Files.writeString(file, "area,price\n1,NaN\n");
    assertTrue(
        Refusal.of(() -> Datasets.csv(file, List.of("price"))).contains("not a finite number"));
    Files.writeString(file, "area,price\n");
    assertTrue(Refusal.of(() -> Datasets.csv(file, List.of("price"))).contains("has no rows"));
  }

  @Test
  void holdingOutKeepsTheSharesOfTheClasses() {
    var data = Datasets.penguins();
    var split = data.holdOut(0.2, 7);
    assertEquals((int) Math.round(0.2 * data.size()), split.test().size());
    assertEquals(data.size(), split.train().size() + split.test().size());
    for (int c = 0; c < data.classes(); c++) {
      assertEquals(0.2 * count(data, c), (double) count(split.test(), c), 1);
    }
    assertEquals(split.test().table().printAll(), data.holdOut(0.2, 7).test().table().printAll());
    var other = data.holdOut(0.2, 8).test().table().printAll();
    assertTrue(!split.test().table().printAll().equals(other));
  }

  @Test
  void theTwoPartsOfARandomCutAreTheWhole() {
    double[][] inputs = new double[101][1];
    double[][] targets = new double[101][1];
    Arrays.setAll(inputs, i -> new double[] {i});
    Arrays.setAll(targets, i -> new double[] {2 * i});
    var split = Dataset.of(inputs, targets).holdOut(0.3, 1);
    var seen = new HashSet<Double>();
    for (Dataset part : List.of(split.train(), split.test())) {
      IntStream.range(0, part.size())
          .forEach(
              row -> {
                seen.add(part.inputs(row)[0]);
                assertEquals(2 * part.inputs(row)[0], part.targets(row)[0]);
              });
    }
    assertEquals(101, seen.size());
    assertEquals(30, split.test().size());
    assertTrue(
        Refusal.of(() -> split.train().holdOut(1, 1)).contains("above 0 and below 1, got 1.0"));
    assertTrue(
        Refusal.of(() -> split.train().holdOut(0.001, 1)).contains("leaves no row to judge by"));
  }

  private static long count(Dataset data, int label) {
    return IntStream.range(0, data.size()).filter(row -> data.label(row) == label).count();
  }
}
