package weft.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import weft.report.Digits;
import weft.report.Picture;
import weft.report.Svg;

/** A confusion matrix as a heat map on a light card of its own. */
final class ConfusionPicture {
  private static final int MOST_CLASSES = 100;

  /** More classes than this are drawn without numbers. */
  private static final int NUMBERED = 25;

  private static final int LARGEST_CELL = 44;
  private static final int LEAST_CELL = 8;
  private static final int MOST_WIDTH = 700;
  private static final int TOP = 64;
  private static final int BOTTOM = 16;
  private static final double CHARACTER = 7.5;
  private static final int LONGEST_NAME = 18;

  private final List<String> classes;
  private final int[][] counts;
  private final int cell;
  private final int left;
  private final int top;
  private final StringBuilder shapes = new StringBuilder();

  private ConfusionPicture(List<String> classes, int[][] counts) {
    this.classes = classes;
    this.counts = counts;
    int longest =
        classes.stream().mapToInt(name -> Svg.cut(name, LONGEST_NAME).length()).max().orElse(1);
    left = 44 + (int) (longest * CHARACTER);
    cell = Math.max(LEAST_CELL, Math.min(LARGEST_CELL, (MOST_WIDTH - left) / classes.size()));
    top = TOP + (isSlanted(longest) ? (int) (longest * CHARACTER) : 16);
  }

  private boolean isSlanted(int longest) {
    return longest * CHARACTER > cell;
  }

  static Picture of(String name, List<String> classes, int[][] counts) {
    if (classes.size() > MOST_CLASSES) {
      throw new IllegalStateException(
          "a picture shows at most %d classes, but %s has %d: use table()"
              .formatted(MOST_CLASSES, name, classes.size()));
    }
    int rows = 0;
    int right = 0;
    for (int c = 0; c < counts.length; c++) {
      rows += Arrays.stream(counts[c]).sum();
      right += counts[c][c];
    }
    String alt =
        "confusion matrix of %s with %d classes: %d of %d rows, %s %%, lie on the diagonal"
            .formatted(name, classes.size(), right, rows, Digits.of(100.0 * right / rows, 4));
    return new Picture(new ConfusionPicture(classes, counts).draw(name, alt), alt);
  }

  private String draw(String name, String alt) {
    int n = classes.size();
    int width = Math.max(320, left + n * cell + 24);
    int height = top + n * cell + BOTTOM;
    text(width / 2.0, 24, "title", "Confusion matrix, " + name);
    text(left + n * cell / 2.0, 46, "axis", "prediction");
    add(
        "<text class='axis' transform='translate(18 %.1f) rotate(-90)'>truth</text>",
        top + n * cell / 2.0);
    for (int i = 0; i < n; i++) {
      label(i);
    }
    for (int truth = 0; truth < n; truth++) {
      for (int prediction = 0; prediction < n; prediction++) {
        cell(truth, prediction);
      }
    }
    return """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" class="weft-confusion" role="img">
        <title>%3$s</title>
        <style>
        .weft-confusion text { font-family: "DejaVu Sans", Verdana, sans-serif; font-size: 12px; text-anchor: middle; fill: #222222; }
        .weft-confusion .title { font-size: 16px; font-weight: bold; }
        .weft-confusion .axis { font-size: 13px; fill: #444444; }
        .weft-confusion .row { text-anchor: end; }
        .weft-confusion .slanted { text-anchor: start; }
        .weft-confusion .light { fill: #ffffff; }
        </style>
        <rect x="0.5" y="0.5" width="%4$d" height="%5$d" rx="8" fill="#ffffff" stroke="#cccccc"/>
        %6$s</svg>
        """
        .formatted(width, height, Svg.escaped(alt), width - 1, height - 1, shapes);
  }

  /** Names of a class beside its row and above its column; not all of them where they are tight. */
  private void label(int index) {
    int every = Math.max(1, (int) Math.ceil(13.0 / cell));
    if (index % every != 0) {
      return;
    }
    String name = Svg.cut(classes.get(index), LONGEST_NAME);
    double middle = (index + 0.5) * cell;
    text(left - 6, top + middle + 4, "row", name);
    boolean slanted =
        isSlanted(
            classes.stream()
                .mapToInt(each -> Svg.cut(each, LONGEST_NAME).length())
                .max()
                .orElse(1));
    if (slanted) {
      add(
          "<text class='slanted' transform='translate(%.1f %d) rotate(-90)'>%s</text>",
          left + middle + 4, top - 6, Svg.escaped(name));
    } else {
      text(left + middle, top - 6, "column", name);
    }
  }

  private void cell(int truth, int prediction) {
    int rows = Arrays.stream(counts[truth]).sum();
    double share = rows == 0 ? 0 : counts[truth][prediction] / (double) rows;
    double x = left + prediction * cell;
    double y = top + truth * cell;
    add(
        "<rect x='%.1f' y='%.1f' width='%d' height='%d' fill='%s' stroke='#dddddd'>"
            + "<title>%s taken for %s: %d of %d rows</title></rect>",
        x,
        y,
        cell,
        cell,
        tint(share),
        Svg.escaped(classes.get(truth)),
        Svg.escaped(classes.get(prediction)),
        counts[truth][prediction],
        rows);
    if (classes.size() <= NUMBERED && counts[truth][prediction] > 0) {
      String style = share > 0.5 ? "light" : "dark";
      text(x + cell / 2.0, y + cell / 2.0 + 4, style, String.valueOf(counts[truth][prediction]));
    }
  }

  /** White to blue; by the root, so that a few mistakes among many rows can be seen. */
  private static String tint(double share) {
    double ink = Math.sqrt(share);
    return String.format(
        Locale.ROOT,
        "#%02x%02x%02x",
        Math.round(255 - ink * 255),
        Math.round(255 - ink * (255 - 0x63)),
        Math.round(255 - ink * (255 - 0xa0)));
  }

  private void text(double x, double y, String style, String content) {
    add("<text x='%.1f' y='%.1f' class='%s'>%s</text>", x, y, style, Svg.escaped(content));
  }

  private void add(String format, Object... values) {
    shapes.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
