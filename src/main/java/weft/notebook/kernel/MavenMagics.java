package weft.notebook.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * {@code %maven}, {@code %addMavenRepo} and {@code %%loadFromPOM}: code from Maven repositories.
 */
final class MavenMagics {
  private final Consumer<String> classpath;
  private final Map<String, String> repositories = new LinkedHashMap<>();

  MavenMagics(Consumer<String> classpath) {
    this.classpath = classpath;
  }

  void register(Magics magics) {
    magics.line("maven", (words, cell) -> maven(words));
    magics.line("addMavenDependency", (words, cell) -> maven(words));
    magics.line("mavenRepo", (words, cell) -> repository(words));
    magics.line("addMavenRepo", (words, cell) -> repository(words));
    magics.line("loadFromPOM", (words, cell) -> pomFile(words));
    magics.cell("loadFromPOM", (words, body, cell) -> pomText(body));
  }

  private List<String> maven(List<String> coordinates) throws Exception {
    if (coordinates.isEmpty()) {
      throw new IllegalArgumentException(
          "%maven needs group:artifact:version, as in %maven com.google.guava:guava:33.5.0-jre");
    }
    return add(MavenResolver.resolve(coordinates, repositories));
  }

  private List<String> repository(List<String> words) {
    if (words.size() != 2) {
      throw new IllegalArgumentException("%mavenRepo needs a name and an address");
    }
    repositories.put(words.get(0), words.get(1));
    return List.of();
  }

  private List<String> pomFile(List<String> words) throws Exception {
    if (words.isEmpty()) {
      throw new IllegalArgumentException("%loadFromPOM needs a file; %%loadFromPOM takes the text");
    }
    return add(MavenResolver.dependencies(Path.of(words.get(0)), repositories));
  }

  private List<String> pomText(String body) throws Exception {
    Path file = Files.createTempFile("cell", ".pom");
    try {
      Files.writeString(file, body.contains("<project") ? body : project(body));
      return add(MavenResolver.dependencies(file, repositories));
    } finally {
      Files.delete(file);
    }
  }

  /** A whole POM around the dependencies, repositories or properties a reader pasted. */
  private static String project(String body) {
    boolean sections = body.contains("<dependencies") || body.contains("<repositories");
    return "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><modelVersion>4.0.0</modelVersion>"
        + "<groupId>notebook</groupId><artifactId>cell</artifactId><version>1</version>"
        + (sections ? body : "<dependencies>" + body + "</dependencies>")
        + "</project>";
  }

  private List<String> add(List<Path> jars) {
    var added = new ArrayList<String>();
    jars.forEach(jar -> added.add(jar.toString()));
    added.forEach(classpath);
    return List.of();
  }
}
