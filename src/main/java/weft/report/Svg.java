package weft.report;

/** Text in SVG. */
public final class Svg {
  private Svg() {}

  /** Text that may stand in an element or an attribute. */
  public static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /**
   * A label that fits its place.
   *
   * @param longest characters that may be shown; of a longer label the end becomes an ellipsis
   */
  public static String cut(String label, int longest) {
    return label.length() <= longest ? label : label.substring(0, longest - 1) + "…";
  }
}
