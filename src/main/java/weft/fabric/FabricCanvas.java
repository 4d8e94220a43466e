package weft.fabric;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import weft.report.Picture;
import weft.report.Svg;

/**
 * Collects the SVG of a fabric's picture. Text and outlines take the page's own colour, so that it
 * reads on light and on dark.
 */
final class FabricCanvas {
  static final int WIDTH = 800;
  static final int MARGIN = 16;

  /** Cable colours from idle to full, readable on white and on black. */
  private static final String[] HEAT = {"#8a8a8a", "#4f9bd9", "#e0a100", "#e8590c", "#d6204e"};

  private final Fabric fabric;
  private final double[] load;
  private final StringBuilder cables = new StringBuilder();
  private final StringBuilder shapes = new StringBuilder();
  private final List<String> leftOut = new ArrayList<>();
  private String key = "";

  /**
   * @param load share of the rate in use, by link; empty to draw none
   */
  FabricCanvas(Fabric fabric, double[] load) {
    this.fabric = fabric;
    this.load = load;
  }

  /** Tells the reader what is not drawn: {@code 12 spines}. */
  void leaveOut(int count, String what) {
    if (count > 0) {
      leftOut.add(String.format(Locale.ROOT, "%,d %s", count, what));
    }
  }

  /** Tells the reader what the signs mean. */
  void explain(String signs) {
    key = signs;
  }

  /** A cable, by its link coloured by load; quadratic if it is to bend through a point. */
  void cable(int link, double x1, double y1, double x2, double y2, double[] bend) {
    double share = load.length == 0 ? 0 : Math.max(0, Math.min(1, load[link]));
    String color = HEAT[(int) Math.min(HEAT.length - 1, share * HEAT.length)];
    String way =
        bend.length == 0
            ? format("M%.1f %.1fL%.1f %.1f", x1, y1, x2, y2)
            : format("M%.1f %.1fQ%.1f %.1f %.1f %.1f", x1, y1, bend[0], bend[1], x2, y2);
    cables.append(
        format(
            "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\""
                + " stroke-opacity=\"%.2f\"/>",
            way, color, 1 + 2 * share, load.length == 0 ? 0.6 : 0.45 + 0.5 * share));
  }

  void cable(int link, double x1, double y1, double x2, double y2) {
    cable(link, x1, y1, x2, y2, new double[0]);
  }

  void gpu(double x, double y, double side) {
    shapes.append(
        format(
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\""
                + " fill=\"#76b900\" fill-opacity=\"0.75\"/>",
            x - side / 2, y - side / 2, side, side));
  }

  void rectangle(double x, double y, double width, double height, int radius, double line) {
    shapes.append(
        format(
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%d\" fill=\"none\""
                + " stroke=\"currentColor\" stroke-width=\"%.1f\"/>",
            x, y, width, height, radius, line));
  }

  void circle(double x, double y, double radius, double line) {
    shapes.append(
        format(
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"none\" stroke=\"currentColor\""
                + " stroke-width=\"%.1f\"/>",
            x, y, radius, line));
  }

  void text(double x, double y, int size, String words) {
    shapes.append(
        format(
            "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" text-anchor=\"middle\">%s</text>",
            x, y, size, Svg.escaped(words)));
  }

  /** The picture, with a legend and what was left out below what was drawn. */
  Picture picture(int height) {
    int bottom = height;
    if (load.length > 0) {
      drawLegend(bottom);
      bottom += 22;
    }
    if (!key.isEmpty()) {
      text(WIDTH / 2.0, bottom, 12, key);
      bottom += 20;
    }
    if (!leftOut.isEmpty()) {
      text(WIDTH / 2.0, bottom, 12, "not drawn: " + String.join(", ", leftOut));
      bottom += 20;
    }
    String svg =
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" \
        font-family="sans-serif" fill="currentColor" role="img" aria-label="%3$s">%4$s%5$s</svg>
        """
            .formatted(WIDTH, bottom, Svg.escaped(fabric.toString()), cables, shapes)
            .strip();
    return new Picture(svg, fabric.toString());
  }

  private void drawLegend(double y) {
    double x = WIDTH / 2.0 - 190;
    text(x - 44, y + 4, 12, "cable load");
    for (int i = 0; i < HEAT.length; i++) {
      double left = x + i * 82;
      shapes.append(
          format(
              "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\""
                  + " stroke-width=\"3\"/>",
              left, y, left + 18, y, HEAT[i]));
      text(left + 48, y + 4, 11, i * 20 + "-" + (i + 1) * 20 + " %");
    }
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
