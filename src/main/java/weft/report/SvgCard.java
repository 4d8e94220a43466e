package weft.report;

import java.util.Locale;

/** A picture on a light card of its own, which reads well on a dark page too. */
public final class SvgCard {
  /** Pixels across. */
  public static final int WIDTH = 800;

  private final String name;
  private final int fontPixels;
  private final String styles;
  private final StringBuilder shapes = new StringBuilder();

  /**
   * @param name its class in the page
   * @param fontPixels size of text that no style says otherwise of
   * @param styles of text, a line each: {@code .title { font-size: 15px; }}
   */
  public SvgCard(String name, int fontPixels, String styles) {
    this.name = name;
    this.fontPixels = fontPixels;
    this.styles = styles;
  }

  /** Text at a point, in a style of its own. */
  public void text(double x, double y, String style, String content) {
    add("<text x='%.1f' y='%.1f' class='%s'>%s</text>", x, y, style, Svg.escaped(content));
  }

  /** A shape, numbers as in English. */
  public void add(String format, Object... values) {
    shapes.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /**
   * All of it.
   *
   * @param height pixels
   * @param alt what it shows, in words
   */
  public Picture picture(int height, String alt) {
    String svg =
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" class="%7$s" role="img">
        <title>%3$s</title>
        <style>
        .%7$s text { font-family: "DejaVu Sans", Verdana, sans-serif; font-size: %8$dpx; text-anchor: middle; fill: #222222; }
        %9$s</style>
        <rect x="0.5" y="0.5" width="%4$d" height="%5$d" rx="8" fill="#ffffff" stroke="#cccccc"/>
        %6$s</svg>
        """
            .formatted(
                WIDTH,
                height,
                Svg.escaped(alt),
                WIDTH - 1,
                height - 1,
                shapes,
                name,
                fontPixels,
                styles.replaceAll("(?m)^\\.", "." + name + " ."));
    return new Picture(svg, alt);
  }
}
