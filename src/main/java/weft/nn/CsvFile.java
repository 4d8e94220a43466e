package weft.nn;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import weft.report.Digits;

/**
 * Reads a data set from comma-separated text with a header line; every complaint names file, line
 * and column.
 */
final class CsvFile {
  private static final int MOST_CLASSES = 1000;

  private final String name;
  private final boolean dropMissing;
  private final List<String> labels = new ArrayList<>();
  private final List<Long> lines = new ArrayList<>();
  private final FloatList values = new FloatList();
  private final FloatList targets = new FloatList();
  private int dropped;

  private CsvFile(String name, boolean dropMissing) {
    this.name = name;
    this.dropMissing = dropMissing;
  }

  /**
   * @param name the file's name for messages
   * @param label the column with the class
   * @param features the columns to read as numbers, or none for all but the label
   * @param dropMissing whether rows with an empty value are left out and counted, or refused
   */
  static Dataset read(
      Reader text, String name, String label, String[] features, boolean dropMissing) {
    var file = new CsvFile(name, dropMissing);
    return file.parse(text, parser -> file.read(parser, label, features));
  }

  /**
   * @param expected the columns with the numbers to predict
   * @param features the columns to read as inputs, or none for all others
   */
  static Dataset readNumbers(Reader text, String name, List<String> expected, String[] features) {
    var file = new CsvFile(name, false);
    return file.parse(text, parser -> file.readNumbers(parser, expected, features));
  }

  private Dataset parse(Reader text, Function<CsvParser, Dataset> reading) {
    var settings = new CsvParserSettings();
    settings.setLineSeparatorDetectionEnabled(true);
    settings.setMaxColumns(20_000);
    settings.setSkipEmptyLines(true);
    var parser = new CsvParser(settings);
    try {
      parser.beginParsing(text);
      return reading.apply(parser);
    } catch (TextParsingException e) {
      throw new IllegalArgumentException(
          "%s cannot be read as comma-separated text near line %d: check its quotes"
              .formatted(name, e.getLineIndex() + 1),
          e);
    } finally {
      parser.stopParsing();
    }
  }

  private String[] header(CsvParser parser) {
    String[] header = parser.parseNext();
    if (header == null) {
      throw new IllegalArgumentException(
          name + " is empty: its first line names the columns, each line after it is a row");
    }
    checkHeader(header);
    return header;
  }

  private Dataset readNumbers(CsvParser parser, List<String> expected, String[] features) {
    String[] header = header(parser);
    int[] targetColumns = expected.stream().mapToInt(column -> column(header, column)).toArray();
    int[] columns =
        features.length > 0
            ? Arrays.stream(features).mapToInt(feature -> column(header, feature)).toArray()
            : IntStream.range(0, header.length)
                .filter(i -> !expected.contains(header[i]))
                .toArray();
    if (columns.length == 0) {
      throw new IllegalArgumentException(
          "%s, line 1: no column is left to predict from: name fewer columns to predict"
              .formatted(name));
    }
    long before = parser.getContext().currentLine();
    for (String[] row = parser.parseNext(); row != null; row = parser.parseNext()) {
      long line = parser.getContext().currentLine();
      checkQuotes(before + 1, row);
      checkLength(line, header, row);
      addNumbers(values, line, header, row, columns);
      addNumbers(targets, line, header, row, targetColumns);
      before = line;
    }
    String description =
        "Read from %s, numbers to predict in %s.".formatted(name, String.join(", ", expected));
    var names = Arrays.stream(columns).mapToObj(i -> header[i]).toList();
    return Dataset.withTargets(
        name, description, names, values.toArray(), expected, targets.toArray());
  }

  private void addNumbers(FloatList to, long line, String[] header, String[] row, int[] columns) {
    for (int column : columns) {
      to.add(number(line, header[column], row[column]));
    }
  }

  private Dataset read(CsvParser parser, String label, String[] features) {
    String[] header = header(parser);
    int labelColumn = column(header, label);
    int[] columns = columns(header, labelColumn, features);
    long before = parser.getContext().currentLine();
    for (String[] row = parser.parseNext(); row != null; row = parser.parseNext()) {
      long line = parser.getContext().currentLine();
      checkQuotes(before + 1, row);
      addRow(line, header, row, columns, labelColumn);
      before = line;
    }
    var names = Arrays.stream(columns).mapToObj(i -> header[i]).toList();
    var classes = classes(header[labelColumn]);
    int[] indices = labels.stream().mapToInt(classes::indexOf).toArray();
    String note =
        dropped == 0
            ? ""
            : " %s with missing values %s left out."
                .formatted(Digits.counted(dropped, "row"), dropped == 1 ? "was" : "were");
    String description = "Read from %s, class in column %s.".formatted(name, label) + note;
    return new Dataset(name, description, names, classes, values.toArray(), indices);
  }

  private void checkHeader(String[] header) {
    checkQuotes(1, header);
    if (header.length == 1 && header[0] != null && header[0].contains(";")) {
      throw new IllegalArgumentException(
          name + ", line 1: the values are separated by semicolons: separate them by commas");
    }
    var seen = new HashSet<String>();
    for (int i = 0; i < header.length; i++) {
      if (isMissing(header[i])) {
        throw new IllegalArgumentException(
            "%s, line 1: column %d has no name: give it one".formatted(name, i + 1));
      }
      if (!seen.add(header[i])) {
        throw new IllegalArgumentException(
            "%s, line 1: two columns are called %s: rename one".formatted(name, header[i]));
      }
    }
  }

  /** A quote that is not closed swallows the lines after it. */
  private void checkQuotes(long line, @Nullable String[] row) {
    for (String value : row) {
      if (value != null && value.indexOf('\n') >= 0) {
        throw new IllegalArgumentException(
            "%s, line %d: a quoted value goes on into the next line: close its quote"
                .formatted(name, line));
      }
    }
  }

  private int column(String[] header, String wanted) {
    int index = Arrays.asList(header).indexOf(wanted);
    if (index < 0) {
      throw new IllegalArgumentException(
          "%s, line 1: there is no column %s; the columns are %s"
              .formatted(name, wanted, String.join(", ", Arrays.asList(header))));
    }
    return index;
  }

  private int[] columns(String[] header, int labelColumn, String[] features) {
    if (features.length > 0) {
      return Arrays.stream(features).mapToInt(feature -> column(header, feature)).toArray();
    }
    if (header.length < 2) {
      throw new IllegalArgumentException(
          "%s, line 1: only the column %s, no feature beside the class: are the values separated by commas?"
              .formatted(name, header[0]));
    }
    return IntStream.range(0, header.length).filter(i -> i != labelColumn).toArray();
  }

  private void checkLength(long line, String[] header, String[] row) {
    if (row.length != header.length) {
      throw new IllegalArgumentException(
          "%s, line %d: %d values, but the header names %d columns: add or remove values"
              .formatted(name, line, row.length, header.length));
    }
  }

  private void addRow(long line, String[] header, String[] row, int[] columns, int labelColumn) {
    checkLength(line, header, row);
    boolean missing = isMissing(row[labelColumn]);
    for (int column : columns) {
      missing |= isMissing(row[column]);
    }
    if (missing && dropMissing) {
      dropped++;
      return;
    }
    addNumbers(values, line, header, row, columns);
    if (isMissing(row[labelColumn])) {
      throw bad(line, header[labelColumn], "no value", "give the row a class or delete it");
    }
    labels.add(row[labelColumn]);
    lines.add(line);
  }

  private static boolean isMissing(@Nullable String value) {
    return value == null || value.isEmpty() || value.equals("NA");
  }

  private float number(long line, String column, @Nullable String value) {
    if (value == null || isMissing(value)) {
      throw bad(line, column, "no value", "fill it in or delete the row");
    }
    try {
      float number = Float.parseFloat(value);
      if (Float.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw bad(
          line,
          column,
          "\"" + value + "\" is not a number",
          "correct it, or name the columns to use, as csv(file, \"class\", \"width\", \"height\")");
    }
    throw bad(line, column, value + " is not a finite number", "correct it or delete the row");
  }

  private IllegalArgumentException bad(long line, String column, String what, String remedy) {
    return new IllegalArgumentException(
        "%s, line %d, column %s: %s: %s".formatted(name, line, column, what, remedy));
  }

  /** The class names: 0, 1, 2, ... up to the largest if all labels are numbers, else sorted. */
  private List<String> classes(String column) {
    if (!labels.stream().allMatch(label -> label.matches("-?[0-9.]+"))) {
      return List.copyOf(new TreeSet<>(labels));
    }
    int most = 0;
    for (int i = 0; i < labels.size(); i++) {
      String label = labels.get(i);
      if (!label.matches("[0-9]{1,3}")) {
        throw bad(
            lines.get(i),
            column,
            "class " + label + " is out of range",
            "numbered classes are whole numbers from 0 to " + (MOST_CLASSES - 1));
      }
      labels.set(i, String.valueOf(Integer.parseInt(label)));
      most = Math.max(most, Integer.parseInt(label));
    }
    return IntStream.rangeClosed(0, most).mapToObj(String::valueOf).toList();
  }
}
