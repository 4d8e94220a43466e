package weft.nn;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import weft.report.Digits;
import weft.report.Picture;

/** Rows of square images side by side, the largest value black, on a light card of their own. */
final class DatasetPicture {
  private static final int IMAGE = 96;
  private static final int GAP = 16;
  private static final int CAPTION = 22;
  private static final int PER_LINE = 7;

  private DatasetPicture() {}

  static Picture of(Dataset data, int[] rows) {
    int side = (int) Math.round(Math.sqrt(data.features()));
    if (side * side != data.features() || side < 2) {
      throw new IllegalArgumentException(
          "a picture needs rows that are square images, but %s has %d features: use table()"
              .formatted(data.name(), data.features()));
    }
    if (rows.length == 0) {
      throw new IllegalArgumentException("name the rows to draw: picture(0, 1, 2)");
    }
    data.rows(rows); // refuses a row that does not exist
    int columns = Math.min(PER_LINE, rows.length);
    int lines = (rows.length + PER_LINE - 1) / PER_LINE;
    int width = GAP + columns * (IMAGE + GAP);
    int height = lines * (GAP + IMAGE + CAPTION) + GAP / 2;
    var shapes = new StringBuilder();
    for (int i = 0; i < rows.length; i++) {
      int x = GAP + i % PER_LINE * (IMAGE + GAP);
      int y = GAP + i / PER_LINE * (GAP + IMAGE + CAPTION);
      image(shapes, data, rows[i], side, x, y);
    }
    String alt =
        "rows of %s: %s"
            .formatted(
                data.name(),
                Arrays.stream(rows)
                    .mapToObj(row -> row + " is " + caption(data, row))
                    .collect(Collectors.joining(", ")));
    String svg =
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" \
        font-family="sans-serif" font-size="13" fill="#222222" role="img" aria-label="%3$s">\
        <rect width="%1$d" height="%2$d" rx="6" fill="#f4f4f4"/>%4$s</svg>"""
            .formatted(width, height, escaped(alt), shapes);
    return new Picture(svg, alt);
  }

  private static void image(
      StringBuilder shapes, Dataset data, int row, int side, int left, int top) {
    double cell = (double) IMAGE / side;
    double largest = 0;
    for (double value : data.inputs(row)) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < side * side; i++) {
      double ink = largest == 0 ? 0 : Math.abs(data.value(row, i)) / largest;
      int column = i % side;
      int line = i / side;
      int grey = (int) Math.round(255 * (1 - ink));
      shapes.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\""
                  + " fill=\"rgb(%d,%d,%d)\"/>",
              left + column * cell,
              top + line * cell,
              cell + 0.2,
              cell + 0.2,
              grey,
              grey,
              grey));
    }
    shapes.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">row %d: %s</text>",
            left + IMAGE / 2.0,
            top + IMAGE + 16,
            row,
            escaped(caption(data, row))));
  }

  private static String caption(Dataset data, int row) {
    return data.hasClasses()
        ? data.classesOf(row)
        : Arrays.stream(data.targets(row)).mapToObj(Digits::of).collect(Collectors.joining(" "));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
