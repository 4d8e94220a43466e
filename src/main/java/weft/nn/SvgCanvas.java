package weft.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import weft.report.Svg;

/**
 * Collects SVG on a light card of its own, so that it reads the same on a light and on a dark page,
 * and keeps labels from covering one another.
 */
final class SvgCanvas {
  private static final String POSITIVE = "#0063a0";
  private static final String NEGATIVE = "#c24e00";
  private static final String ZERO = "#767676";
  private static final double CHARACTER = 7.0;
  private static final int LINE = 15;

  /** Where along a line its label may sit, in percent of its length, best place first. */
  private static final int[] PLACES = {30, 34, 26, 38, 42, 46, 50, 54, 58, 62, 66, 70, 74, 22, 78};

  private final int width;
  private final int height;
  private final StringBuilder shapes = new StringBuilder();
  private final List<Box> taken = new ArrayList<>();

  private record Box(double left, double top, double right, double bottom) {
    boolean overlaps(Box other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }
  }

  SvgCanvas(int width, int height) {
    this.width = width;
    this.height = height;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** Blue above 0, orange below, grey at 0. */
  static String color(double value) {
    return value > 0 ? POSITIVE : value < 0 ? NEGATIVE : ZERO;
  }

  void line(
      double x1, double y1, double x2, double y2, String color, double thickness, String tip) {
    add(
        "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='%s' stroke-width='%.2f'"
            + " stroke-opacity='0.55'><title>%s</title></line>",
        x1, y1, x2, y2, color, thickness, Svg.escaped(tip));
  }

  /** A circle tinted by the sign of a value, if it is a number. */
  void circle(double x, double y, double radius, double value) {
    String fill = value > 0 ? "#dcecf8" : value < 0 ? "#fbe4d5" : "#f0f0f0";
    String stroke = Double.isNaN(value) ? ZERO : color(value);
    add(
        "<circle cx='%.1f' cy='%.1f' r='%.1f' fill='%s' stroke='%s' stroke-width='2'/>",
        x, y, radius, fill, stroke);
    taken.add(new Box(x - radius, y - radius, x + radius, y + radius));
  }

  /** A sample of a line for a legend, coloured by the sign of a value, and what it means. */
  void sample(double x, double y, double sign, double thickness, String meaning) {
    add(
        "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='%s' stroke-width='%.2f'"
            + " stroke-opacity='0.75'/>",
        x, y, x + 26, y, color(sign), thickness);
    add("<text x='%.1f' y='%.1f' class='key'>%s</text>", x + 32, y + 4, Svg.escaped(meaning));
  }

  /** A rectangle. */
  void box(double x, double y, double boxWidth, double boxHeight, String fill, String stroke) {
    add(
        "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' rx='2' fill='%s' stroke='%s'/>",
        x, y, boxWidth, boxHeight, fill, stroke);
  }

  /** A line through points, given as x and y in turn, with a head at its end. */
  void arrow(double... points) {
    var path = new StringBuilder();
    for (int i = 0; i < points.length; i += 2) {
      path.append(String.format(Locale.ROOT, "%.1f,%.1f ", points[i], points[i + 1]));
    }
    add("<polyline points='%s' fill='none' stroke='#555555' stroke-width='1.5'/>", path);
    double x = points[points.length - 2];
    double y = points[points.length - 1];
    add(
        "<polygon points='%.1f,%.1f %.1f,%.1f %.1f,%.1f' fill='#555555'/>",
        x, y, x - 8, y - 4, x - 8, y + 4);
  }

  void text(double x, double y, String content, String style) {
    add("<text x='%.1f' y='%.1f' class='%s'>%s</text>", x, y, style, Svg.escaped(content));
  }

  /** Text that no label on a line may cover. */
  void reserved(double x, double y, String content, String style) {
    taken.add(box(x, y - 11, content.length(), 1));
    text(x, y, content, style);
  }

  /** A line of text with a halo, centred at x, that no label on a line may cover. */
  void label(double x, double y, String content, String color) {
    taken.add(box(x, y - 11, content.length(), 1));
    haloed(x, y, content, color);
  }

  /** A label of one or two lines of text, to be put somewhere on a line. */
  record LineLabel(
      double x1,
      double y1,
      double x2,
      double y2,
      String first,
      String firstColor,
      String second,
      String secondColor) {

    private Box at(int percent) {
      double x = x1 + percent / 100.0 * (x2 - x1);
      double y = y1 + percent / 100.0 * (y2 - y1);
      int lines = second.isEmpty() ? 1 : 2;
      return box(x, y - lines * LINE / 2.0, Math.max(first.length(), second.length()), lines);
    }
  }

  /**
   * Writes every label at a free place of its line, or none at all if one finds no place: a picture
   * with some numbers would pass for one with all.
   *
   * @return whether they were written
   */
  boolean labelsOnLines(List<LineLabel> labels) {
    int before = taken.size();
    var boxes = new ArrayList<Box>();
    for (LineLabel label : labels) {
      var free =
          Arrays.stream(PLACES)
              .mapToObj(label::at)
              .filter(box -> taken.stream().noneMatch(box::overlaps))
              .findFirst();
      if (free.isEmpty()) {
        taken.subList(before, taken.size()).clear();
        return false;
      }
      boxes.add(free.get());
      taken.add(free.get());
    }
    for (int i = 0; i < boxes.size(); i++) {
      write(boxes.get(i), labels.get(i));
    }
    return true;
  }

  private void write(Box box, LineLabel label) {
    double x = (box.left + box.right) / 2;
    add(
        "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' rx='3' fill='#ffffff'"
            + " fill-opacity='0.92'/>",
        box.left, box.top, box.right - box.left, box.bottom - box.top);
    haloed(x, box.top + 11, label.first, label.firstColor);
    if (!label.second.isEmpty()) {
      haloed(x, box.top + 11 + LINE, label.second, label.secondColor);
    }
  }

  private void haloed(double x, double y, String content, String color) {
    add(
        "<text x='%.1f' y='%.1f' class='label' fill='%s'>%s</text>",
        x, y, color, Svg.escaped(content));
  }

  private static Box box(double x, double top, int characters, int lines) {
    double half = characters * CHARACTER / 2 + 2;
    return new Box(x - half, top, x + half, top + lines * LINE);
  }

  String finish(String title) {
    return """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" class="weft-network" role="img">
        <title>%3$s</title>
        <style>
        .weft-network text { font-family: "DejaVu Sans", Verdana, sans-serif; text-anchor: middle; }
        .weft-network .title { font-size: 17px; font-weight: bold; fill: #222222; }
        .weft-network .caption { font-size: 13px; fill: #444444; }
        .weft-network .name { font-size: 13px; font-weight: bold; fill: #222222; }
        .weft-network .number { font-size: 13px; fill: #222222; }
        .weft-network .key { font-size: 12px; fill: #444444; text-anchor: start; }
        .weft-network .small { font-size: 12px; fill: #444444; }
        .weft-network .label { font-size: 12px; paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round; }
        </style>
        <rect x="0.5" y="0.5" width="%4$d" height="%5$d" rx="8" fill="#ffffff" stroke="#cccccc"/>
        %6$s</svg>
        """
        .formatted(width, height, Svg.escaped(title), width - 1, height - 1, shapes);
  }

  private void add(String format, Object... values) {
    shapes.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
