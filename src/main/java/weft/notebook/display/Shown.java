package weft.notebook.display;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One output in the forms a front end may choose from.
 *
 * @param data MIME type to content: text, or an image in Base64
 * @param metadata MIME type to what must be known to show it
 */
public record Shown(Map<String, String> data, Map<String, Map<String, Integer>> metadata) {
  /** Plain text. */
  public static final String TEXT = "text/plain";

  /** A part of a page. */
  public static final String HTML = "text/html";

  /** A drawing. */
  public static final String SVG = "image/svg+xml";

  /** Formulas, which a notebook sets by MathJax. */
  public static final String LATEX = "text/latex";

  /** A bitmap, in Base64. */
  public static final String PNG = "image/png";

  /** Copies the maps; in order of their keys, so that a notebook is written the same each time. */
  public Shown {
    data = Collections.unmodifiableMap(new TreeMap<>(data));
    var sorted = new TreeMap<String, Map<String, Integer>>();
    metadata.forEach(
        (type, facts) -> sorted.put(type, Collections.unmodifiableMap(new TreeMap<>(facts))));
    metadata = Collections.unmodifiableMap(sorted);
  }

  /** Text, and a richer form of the same. */
  static Shown of(String text, String type, String rich) {
    return new Shown(Map.of(TEXT, text, type, rich), Map.of());
  }
}
