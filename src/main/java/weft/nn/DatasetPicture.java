package weft.nn;

import java.util.Arrays;
import java.util.stream.Collectors;
import weft.report.Digits;
import weft.report.Picture;

/** Rows of square images side by side, the largest value black, on a light card of their own. */
final class DatasetPicture {
  /** As many rows are named to those who cannot see the picture. */
  private static final int NAMED = 20;

  private DatasetPicture() {}

  static Picture of(Dataset data, int[] rows) {
    int side = (int) Math.round(Math.sqrt(data.features()));
    if (side * side != data.features() || side < 2) {
      throw new IllegalArgumentException(
          "a picture needs rows that are square images, but %s has %s: use table()"
              .formatted(data.name(), Digits.counted(data.features(), "feature")));
    }
    if (rows.length == 0) {
      throw new IllegalArgumentException("name the rows to draw: picture(0, 1, 2)");
    }
    data.rows(rows); // refuses a row that does not exist
    var sheet = new ImageSheet(rows.length);
    for (int row : rows) {
      draw(sheet, data, row, side);
    }
    String named =
        Arrays.stream(rows)
            .limit(NAMED)
            .mapToObj(row -> row + " is " + caption(data, row))
            .collect(Collectors.joining(", "));
    int more = Math.max(0, rows.length - NAMED);
    return sheet.finish(
        "rows of %s: %s%s"
            .formatted(data.name(), named, more == 0 ? "" : ", and " + more + " more"));
  }

  private static void draw(ImageSheet sheet, Dataset data, int row, int side) {
    double largest = Arrays.stream(data.inputs(row)).map(Math::abs).max().orElse(0);
    sheet.add(
        side,
        i -> grey(largest == 0 ? 0 : Math.abs(data.value(row, i)) / largest),
        "row %d: %s".formatted(row, caption(data, row)));
  }

  private static String grey(double ink) {
    int grey = (int) Math.round(255 * (1 - ink));
    return "rgb(%d,%d,%d)".formatted(grey, grey, grey);
  }

  private static String caption(Dataset data, int row) {
    return data.hasClasses()
        ? data.classesOf(row)
        : Arrays.stream(data.targets(row)).mapToObj(Digits::of).collect(Collectors.joining(" "));
  }
}
