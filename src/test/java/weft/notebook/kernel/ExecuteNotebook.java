package weft.notebook.kernel;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs a notebook and writes it with its outputs: {@code ExecuteNotebook <in.ipynb> [out.ipynb]}.
 * Needs {@code target/weft.jar} and {@code target/lib}; run it in the project's folder.
 */
public final class ExecuteNotebook {
  private ExecuteNotebook() {}

  /** Runs the notebook; ends with 1 if a cell fails that is not marked {@code raises-exception}. */
  public static void main(String[] arguments) throws IOException {
    Path in = Path.of(arguments[0]).toAbsolutePath();
    Path out = arguments.length > 1 ? Path.of(arguments[1]) : in;
    var notebook = new NotebookFile(in);
    boolean failed = false;
    try (var kernel = new JupyterClient(List.of(), folder(in))) {
      for (JsonObject cell : notebook.codeCells()) {
        Outcome outcome = kernel.run(NotebookFile.source(cell));
        cell.add("outputs", NotebookFile.outputs(outcome));
        cell.add("execution_count", outcome.reply().get("execution_count"));
        if (outcome.status().equals("error") && !NotebookFile.isMarked(cell, "raises-exception")) {
          System.err.println(in.getFileName() + ": " + NotebookFile.source(cell));
          System.err.println(outcome.error());
          failed = true;
        }
      }
    }
    notebook.write(out);
    System.exit(failed ? 1 : 0);
  }

  /** A notebook runs in its own folder, as in Jupyter. */
  static Path folder(Path notebook) {
    Path folder = notebook.toAbsolutePath().getParent();
    return folder == null ? Path.of("").toAbsolutePath() : folder;
  }
}
