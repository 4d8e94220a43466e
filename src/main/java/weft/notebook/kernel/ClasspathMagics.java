package weft.notebook.kernel;

import io.github.spencerpark.jupyter.kernel.util.GlobFinder;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** {@code %jars} and {@code %classpath}: code that lies on this machine. */
final class ClasspathMagics {
  private final Consumer<String> classpath;

  ClasspathMagics(Consumer<String> classpath) {
    this.classpath = classpath;
  }

  void register(Magics magics) {
    magics.line("jars", (globs, cell) -> add("%jars", globs, true));
    magics.line("classpath", (globs, cell) -> add("%classpath", globs, false));
    magics.line("addJars", (globs, cell) -> add("%addJars", globs, true));
  }

  private List<String> add(String magic, List<String> globs, boolean filesOnly) throws IOException {
    if (globs.isEmpty()) {
      throw new IllegalArgumentException(
          magic + " needs a path or a pattern: " + magic + " lib/*.jar");
    }
    var added = new ArrayList<String>();
    for (String glob : globs) {
      var finder = new GlobFinder(glob);
      int before = added.size();
      try {
        for (Path path :
            filesOnly ? finder.computeMatchingFiles() : finder.computeMatchingPaths()) {
          added.add(path.toAbsolutePath().normalize().toString());
        }
      } catch (NoSuchFileException noFolder) {
        // as good as a folder in which nothing matches
      }
      if (added.size() == before) {
        throw new IllegalArgumentException(
            "nothing matches " + glob + " in " + Path.of("").toAbsolutePath());
      }
    }
    added.forEach(classpath);
    return added;
  }
}
