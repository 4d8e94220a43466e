package weft.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import weft.report.Digits;
import weft.report.Picture;
import weft.report.Svg;

/**
 * Values of ports over time as a picture on a light card of its own: a row a port, darker for more.
 */
final class HeatMap {
  private static final int WIDTH = 800;
  private static final int RIGHT = 20;
  private static final int TOP = 44;
  private static final int MOST_ROWS = 40;
  private static final int MOST_COLUMNS = 160;
  private static final double CHARACTER = 7.0;
  private static final int LONGEST_NAME = 26;
  private static final int SHADES = 32;
  private static final int[][] INK = {
    {0xDE, 0xEB, 0xF7},
    {0x9E, 0xCA, 0xE1},
    {0x42, 0x92, 0xC6},
    {0x08, 0x51, 0x9C},
    {0x04, 0x1E, 0x42}
  };

  private final String title;
  private final String unit;
  private final List<String> names = new ArrayList<>();
  private final List<double[]> rows = new ArrayList<>();
  private final double lastMicros;
  private final StringBuilder shapes = new StringBuilder();
  private String caption = "";

  /**
   * @param unit of the values, {@code kB}
   * @param lastMicros where the last column ends; the first begins at 0
   */
  HeatMap(String title, String unit, double lastMicros) {
    this.title = title;
    this.unit = unit;
    this.lastMicros = lastMicros;
  }

  /**
   * Adds a row, one value a column of equal length; rows without any value above 0 are left out.
   */
  void row(String name, double[] values) {
    names.add(name);
    rows.add(values);
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElse(0);
  }

  /** Of several columns drawn as one the largest is shown. */
  private static double[] joined(double[] values, int columns) {
    double[] joined = new double[columns];
    for (int i = 0; i < values.length; i++) {
      int column = (int) ((long) i * columns / values.length);
      joined[column] = Math.max(joined[column], values[i]);
    }
    return joined;
  }

  /**
   * @param full the value of the darkest shade, 0 for the largest there is
   */
  Picture picture(double full) {
    choose();
    double darkest = full > 0 ? full : rows.stream().mapToDouble(HeatMap::max).max().orElse(1);
    String alt =
        rows.isEmpty()
            ? title + ": 0 at every port all the time"
            : "%s: %s over %s us, at most %s %s"
                .formatted(
                    title,
                    Symptoms.count(rows.size(), "port"),
                    Digits.of(lastMicros, 3),
                    Digits.of(rows.stream().mapToDouble(HeatMap::max).max().orElse(0), 3),
                    unit);
    return new Picture(draw(darkest, alt), alt);
  }

  private void choose() {
    List<Integer> order = new ArrayList<>();
    for (int r = 0; r < rows.size(); r++) {
      if (max(rows.get(r)) > 0) {
        order.add(r);
      }
    }
    int active = order.size();
    if (active > MOST_ROWS) {
      order.sort(
          Comparator.<Integer>comparingDouble(r -> -max(rows.get(r)))
              .thenComparingDouble(r -> -Arrays.stream(rows.get(r)).sum()));
      order = new ArrayList<>(order.subList(0, MOST_ROWS));
      order.sort(null);
      caption = "the %d largest of %d ports".formatted(MOST_ROWS, active);
    }
    List<String> chosenNames = order.stream().map(names::get).toList();
    List<double[]> chosen = order.stream().map(rows::get).toList();
    names.clear();
    names.addAll(chosenNames);
    rows.clear();
    rows.addAll(chosen);
  }

  private String draw(double darkest, String alt) {
    int longest =
        names.stream().mapToInt(name -> Svg.cut(name, LONGEST_NAME).length()).max().orElse(0);
    double left = 16 + Math.max(40, longest * CHARACTER);
    double cell = rows.size() > 24 ? 11 : 16;
    double bottom = TOP + Math.max(2, rows.size()) * cell;
    text(WIDTH / 2.0, 24, "title", title);
    add(
        "<rect x='%.1f' y='%d' width='%.1f' height='%.1f' fill='#f5f5f5'/>",
        left, TOP, WIDTH - RIGHT - left, bottom - TOP);
    for (int r = 0; r < rows.size(); r++) {
      text(left - 6, TOP + (r + 0.5) * cell + 4, "row", Svg.cut(names.get(r), LONGEST_NAME));
      row(rows.get(r), darkest, left, TOP + r * cell, cell);
    }
    if (rows.isEmpty()) {
      text((left + WIDTH - RIGHT) / 2, TOP + 21, "axis", "0 at every port all the time");
    }
    timeAxis(left, bottom);
    scale(left, bottom + 48, darkest);
    int height = (int) bottom + 84;
    return """
    <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" class="weft-heat" role="img">
    <title>%3$s</title>
    <style>
    .weft-heat text { font-family: "DejaVu Sans", Verdana, sans-serif; font-size: 11px; text-anchor: middle; fill: #222222; }
    .weft-heat .title { font-size: 16px; font-weight: bold; }
    .weft-heat .axis { font-size: 12px; fill: #444444; }
    .weft-heat .row { text-anchor: end; }
    .weft-heat .note { text-anchor: end; fill: #444444; }
    .weft-heat rect { shape-rendering: crispEdges; }
    </style>
    <rect x="0.5" y="0.5" width="%4$d" height="%5$d" rx="8" fill="#ffffff" stroke="#cccccc"/>
    %6$s</svg>
    """
        .formatted(WIDTH, height, Svg.escaped(alt), WIDTH - 1, height - 1, shapes);
  }

  /** Neighbouring columns of one shade are one rectangle. */
  private void row(double[] values, double darkest, double left, double y, double cell) {
    double[] columns = joined(values, Math.min(values.length, MOST_COLUMNS));
    double width = (WIDTH - RIGHT - left) / columns.length;
    int from = 0;
    for (int c = 1; c <= columns.length; c++) {
      int shade = shade(columns[from], darkest);
      if (c == columns.length || shade(columns[c], darkest) != shade) {
        if (shade > 0) {
          add(
              "<rect x='%.2f' y='%.1f' width='%.2f' height='%.1f' fill='%s'/>",
              left + from * width, y + 0.5, (c - from) * width, cell - 1, color(shade));
        }
        from = c;
      }
    }
  }

  /** 0 for nothing, up to {@link #SHADES}. */
  private static int shade(double value, double darkest) {
    return value <= 0
        ? 0
        : (int) Math.max(1, Math.min(SHADES, Math.ceil(SHADES * value / darkest)));
  }

  private static String color(int shade) {
    double place = (shade - 1.0) / (SHADES - 1) * (INK.length - 1);
    int at = Math.min(INK.length - 2, (int) place);
    int[] rgb = new int[3];
    for (int i = 0; i < 3; i++) {
      rgb[i] = (int) Math.round(INK[at][i] + (place - at) * (INK[at + 1][i] - INK[at][i]));
    }
    return String.format(Locale.ROOT, "#%02x%02x%02x", rgb[0], rgb[1], rgb[2]);
  }

  private void timeAxis(double left, double y) {
    boolean millis = lastMicros >= 10_000;
    double last = millis ? lastMicros / 1000 : lastMicros;
    double step = step(last);
    double width = WIDTH - RIGHT - left;
    for (int i = 0; i * step <= last * (1 + 1e-9); i++) {
      double x = left + width * i * step / last;
      add("<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='#888888'/>", x, y, x, y + 4);
      text(x, y + 16, "tick", Digits.of(i * step));
    }
    text(left + width / 2, y + 33, "axis", millis ? "time (ms)" : "time (us)");
  }

  /** 1, 2 or 5 times a power of ten, so that there are five to ten ticks or so. */
  private static double step(double last) {
    double power = Math.pow(10, Math.floor(Math.log10(last / 5)));
    double share = last / 5 / power;
    return power * (share >= 5 ? 5 : share >= 2 ? 2 : 1);
  }

  private void scale(double left, double y, double darkest) {
    for (int s = 1; s <= SHADES; s++) {
      add("<rect x='%.1f' y='%.1f' width='6' height='10' fill='%s'/>", left + 6 * s, y, color(s));
    }
    text(left + 6, y + 23, "tick", "0");
    text(left + 6 * (SHADES + 1), y + 23, "tick", Digits.of(darkest, 3) + " " + unit);
    if (!caption.isEmpty()) {
      text(WIDTH - RIGHT, y + 9, "note", caption);
    }
  }

  private void text(double x, double y, String style, String content) {
    add("<text x='%.1f' y='%.1f' class='%s'>%s</text>", x, y, style, Svg.escaped(content));
  }

  private void add(String format, Object... values) {
    shapes.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
