package weft.notebook.course;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Tabular;

/** The course's terms, one line each in {@code glossary.txt}: {@code term|definition}. */
public final class Glossary implements Tabular {
  private static final String RESOURCE = "/weft/notebook/glossary.txt";

  private final Map<String, String> definitions = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private Glossary(List<String> lines) {
    for (String line : lines) {
      int bar = line.indexOf('|');
      if (bar > 0) {
        definitions.put(line.substring(0, bar).strip(), line.substring(bar + 1).strip());
      }
    }
  }

  private static final class Holder {
    static final Glossary READ = read();
  }

  /** The glossary that comes with Weft. */
  public static Glossary standard() {
    return Holder.READ;
  }

  private static Glossary read() {
    InputStream in = Glossary.class.getResourceAsStream(RESOURCE);
    if (in == null) {
      throw new IllegalStateException(RESOURCE + " is missing from the jar");
    }
    try (var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return new Glossary(reader.lines().toList());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** What a term means; for an unknown one, the nearest that are known. */
  public String define(String term) {
    String definition = definitions.get(term.strip());
    return definition == null ? unknown(term) : name(term.strip()) + ": " + definition;
  }

  private String unknown(String term) {
    List<String> near = Nearest.among(term.strip(), definitions.keySet(), 3);
    return "The glossary has no \""
        + term
        + "\""
        + (near.isEmpty() ? "; glossary() lists its terms" : "; it has " + String.join(", ", near));
  }

  private String name(String term) {
    return definitions.keySet().stream().filter(term::equalsIgnoreCase).findFirst().orElse(term);
  }

  @Override
  public Table table() {
    return table(definitions.keySet());
  }

  /** These terms alone, in their order. */
  public Table table(Collection<String> terms) {
    var term = StringColumn.create("term");
    var meaning = StringColumn.create("meaning");
    for (String asked : terms) {
      String definition = definitions.get(asked.strip());
      term.append(name(asked.strip()));
      meaning.append(definition == null ? unknown(asked) : definition);
    }
    return Table.create("Glossary", term, meaning);
  }

  /** All terms, a line each. */
  @Override
  public String toString() {
    var lines = new StringBuilder();
    definitions.forEach(
        (term, meaning) -> lines.append(term).append(": ").append(meaning).append('\n'));
    return lines.toString();
  }
}
