package weft.notebook.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code %load} and {@code %time}: magics about the code itself. */
final class CodeMagics {
  private final Magics.Evaluator evaluator;

  CodeMagics(Magics.Evaluator evaluator) {
    this.evaluator = evaluator;
  }

  void register(Magics magics) {
    magics.line("load", this::load);
    magics.cell("time", this::time);
  }

  private @Nullable Object load(List<String> words, int cell) throws Exception {
    if (words.size() != 1) {
      throw new IllegalArgumentException("%load needs one file of Java: %load helpers.jshell");
    }
    Path file = Path.of(words.get(0));
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("%load cannot read " + file.toAbsolutePath());
    }
    return evaluator.evaluate(cell, Files.readString(file));
  }

  private @Nullable Object time(List<String> words, String body, int cell) throws Exception {
    long start = System.nanoTime();
    try {
      return evaluator.evaluate(cell, body);
    } finally {
      System.out.printf("%.3f s%n", (System.nanoTime() - start) / 1e9);
    }
  }
}
