package weft.notebook.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weft.notebook.course.Nearest;

/**
 * The lines that start with {@code %} and are no Java. They count only where a statement could
 * begin, so that a text block or a remainder may start its line with a percent sign.
 */
final class Magics {
  private static final Pattern CELL = Pattern.compile("\\A\\s*%%(\\S*)[ \\t]*([^\\n]*)\\n?");
  private static final Pattern LINE = Pattern.compile("\\G\\s*%(\\w+)[ \\t]*([^\\n]*)(\\n|\\z)");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  /** A line magic in a cell's source, which goes on at {@code end}. */
  record LineMagic(String name, List<String> words, int end) {}

  /** A cell magic: the whole cell after its first line is the body. */
  record CellMagic(String name, List<String> words, String body) {}

  /** What a magic does with the words after its name. */
  interface Line {
    @Nullable Object run(List<String> words, int cell) throws Exception;
  }

  /** What a cell magic does with the words after its name and the rest of the cell. */
  interface Body {
    @Nullable Object run(List<String> words, String body, int cell) throws Exception;
  }

  /** Evaluates text as a part of a cell. */
  interface Evaluator {
    @Nullable Object evaluate(int cell, String source) throws Failure;
  }

  private final Map<String, Line> lines = new TreeMap<>();
  private final Map<String, Body> cells = new TreeMap<>();

  Magics(Consumer<String> classpath, Evaluator evaluator) {
    new ClasspathMagics(classpath).register(this);
    new MavenMagics(classpath).register(this);
    new CodeMagics(evaluator).register(this);
  }

  void line(String name, Line magic) {
    lines.put(name, magic);
  }

  void cell(String name, Body magic) {
    cells.put(name, magic);
  }

  /** The magic of the whole cell, or null. */
  @Nullable CellMagic cellMagic(String source) {
    Matcher first = CELL.matcher(source);
    return first.find()
        ? new CellMagic(first.group(1), words(first.group(2)), source.substring(first.end()))
        : null;
  }

  /** The magic on the next line that is not blank, or null. */
  @Nullable LineMagic lineMagic(String source, int at) {
    Matcher line = LINE.matcher(source);
    return line.find(at) ? new LineMagic(line.group(1), words(line.group(2)), line.end()) : null;
  }

  private static List<String> words(String text) {
    var words = new ArrayList<String>();
    for (Matcher word = WORD.matcher(text); word.find(); ) {
      for (int group = 1; group <= 3; group++) {
        if (word.group(group) != null) {
          words.add(word.group(group));
        }
      }
    }
    return words;
  }

  @Nullable Object run(LineMagic magic, int cell) throws Exception {
    Line known = lines.get(magic.name());
    if (known == null) {
      throw unknown("%", magic.name(), lines, cells);
    }
    return known.run(magic.words(), cell);
  }

  @Nullable Object run(CellMagic magic, int cell) throws Exception {
    Body known = cells.get(magic.name());
    if (known == null) {
      throw unknown("%%", magic.name(), cells, lines);
    }
    return known.run(magic.words(), magic.body(), cell);
  }

  private static Failure unknown(
      String sign, String name, Map<String, ?> known, Map<String, ?> others) {
    String other = sign.equals("%") ? "%%" : "%";
    String hint =
        others.containsKey(name)
            ? "there is " + other + name
            : Nearest.to(name, known.keySet())
                .map(near -> "did you mean " + sign + near + "?")
                .orElse("there are " + sign + String.join(", " + sign, known.keySet()));
    return Failure.of("UnknownMagic", sign + name + " is not known: " + hint);
  }
}
