package weft.notebook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every notebook of the course runs, and shows what it shows in the repository. A cell whose output
 * depends on the machine carries the tag {@code volatile}; one that shows a mistake, {@code
 * raises-exception}.
 */
final class NotebookIT {
  private static final Path NOTEBOOKS = Path.of("notebooks");

  @TestFactory
  Stream<DynamicTest> everyNotebookRuns() throws IOException {
    List<Path> files;
    try (var walk = Files.walk(NOTEBOOKS)) {
      files =
          walk.filter(file -> file.toString().endsWith(".ipynb"))
              .filter(file -> !file.toString().contains(".ipynb_checkpoints"))
              .sorted()
              .toList();
    }
    return files.stream().map(file -> DynamicTest.dynamicTest(file.toString(), () -> run(file)));
  }

  private static void run(Path file) throws IOException {
    var notebook = new NotebookFile(file);
    try (var kernel = new JupyterClient(List.of(), ExecuteNotebook.folder(file))) {
      for (JsonObject cell : notebook.codeCells()) {
        String source = NotebookFile.source(cell);
        Outcome outcome = kernel.run(source);
        String expected = NotebookFile.isMarked(cell, "raises-exception") ? "error" : "ok";
        assertEquals(expected, outcome.status(), () -> source + "\n" + outcome.error());
        boolean kept = cell.has("outputs") && !cell.getAsJsonArray("outputs").isEmpty();
        if (kept && !NotebookFile.isMarked(cell, "volatile")) {
          assertEquals(
              String.join("\n", NotebookFile.comparable(cell.getAsJsonArray("outputs"))),
              String.join("\n", NotebookFile.comparable(NotebookFile.outputs(outcome))),
              source);
        }
      }
    }
  }
}
