package weft.notebook.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's own shell, with the same imports as a cell. */
final class JShellIT {
  @Test
  void tablesPrintAndChartsAreWritten(@TempDir Path folder) throws Exception {
    Path script =
        Files.writeString(
            folder.resolve("script.jsh"),
            """
            show(Table.create("T", DoubleColumn.create("x", 1.5)))
            var c = new XYChartBuilder().title("c").build();
            c.addSeries("a", new double[] {1, 2}, new double[] {3, 4});
            show(c)
            System.out.println(glossary("PFC"))
            try (var work = weft.report.Progress.of("Work", 0, 2)) {
              Thread.sleep(1100);
              if (work.isDue()) work.report(1, "half of it");
            }
            /exit
            """);
    String out = run(script, folder);
    assertTrue(out.contains("T\n  x\n---\n1.5"), out);
    assertTrue(out.contains("written to ") && out.contains(".png"), out);
    assertTrue(out.contains("Priority flow control"), out);
    assertTrue(out.contains("\rWork: half of it"), out);
  }

  private static String run(Path script, Path folder) throws IOException, InterruptedException {
    String path;
    try (var jars = Files.list(Path.of("target", "lib"))) {
      path = "target/weft.jar:" + jars.map(Path::toString).collect(Collectors.joining(":"));
    }
    Path out = folder.resolve("out.txt");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jshell").toString(),
                "--class-path",
                path,
                "-R-Djava.awt.headless=true",
                "-R-Dweft.progress=terminal",
                "--startup",
                "DEFAULT",
                "--startup",
                "src/main/resources/weft/notebook/startup.jsh",
                script.toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), "jshell does not end");
    return Files.readString(out, StandardCharsets.UTF_8);
  }
}
