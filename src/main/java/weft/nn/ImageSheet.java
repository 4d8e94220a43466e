package weft.nn;

import java.util.Locale;
import java.util.function.IntFunction;
import weft.report.Picture;
import weft.report.Svg;

/** Small images with captions, side by side on a light card of their own. */
final class ImageSheet {
  /** Width of an image; it is as high if it has as many rows as columns. */
  private static final int IMAGE = 96;

  private static final int GAP = 16;
  private static final int CAPTION = 22;
  private static final int PER_LINE = 7;
  private static final int LEGEND = 26;
  private static final int LEGEND_STEP = 72;

  private final int columns;
  private final int lines;
  private final StringBuilder shapes = new StringBuilder();
  private int images;
  private int legends;

  ImageSheet(int count) {
    columns = Math.min(PER_LINE, count);
    lines = (count + PER_LINE - 1) / PER_LINE;
  }

  /**
   * Draws the next image.
   *
   * @param side rows, and columns
   * @param color of a cell, row by row
   */
  void add(int side, IntFunction<String> color, String caption) {
    int left = GAP + images % PER_LINE * (IMAGE + GAP);
    int top = GAP + images / PER_LINE * (GAP + IMAGE + CAPTION);
    double cell = (double) IMAGE / side;
    for (int i = 0; i < side * side; i++) {
      int column = i % side;
      int row = i / side;
      add(
          "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"/>",
          left + column * cell, top + row * cell, cell + 0.2, cell + 0.2, color.apply(i));
    }
    add(
        "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
        left + IMAGE / 2.0, top + IMAGE + 16, Svg.escaped(caption));
    images++;
  }

  /** Says below the images what a colour means. */
  void legend(String color, String meaning) {
    int x = GAP + legends * LEGEND_STEP;
    int y = linesEnd();
    add(
        "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"14\" fill=\"%s\" stroke=\"#999999\"/>",
        x, y, color);
    add("<text x=\"%d\" y=\"%d\">%s</text>", x + 20, y + 12, Svg.escaped(meaning));
    legends++;
  }

  private int linesEnd() {
    return lines * (GAP + IMAGE + CAPTION) + GAP / 2;
  }

  Picture finish(String alt) {
    int width = Math.max(GAP + columns * (IMAGE + GAP), GAP + legends * LEGEND_STEP);
    int height = linesEnd() + (legends == 0 ? 0 : LEGEND);
    String svg =
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" \
        font-family="sans-serif" font-size="13" fill="#222222" role="img" aria-label="%3$s">\
        <rect width="%1$d" height="%2$d" rx="6" fill="#f4f4f4"/>%4$s</svg>"""
            .formatted(width, height, Svg.escaped(alt), shapes);
    return new Picture(svg, alt);
  }

  private void add(String format, Object... values) {
    shapes.append(String.format(Locale.ROOT, format, values));
  }
}
