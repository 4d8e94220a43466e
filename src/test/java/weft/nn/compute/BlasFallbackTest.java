package weft.nn.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without OpenBLAS the same is computed up to rounding, and nothing is printed about it. */
class BlasFallbackTest {
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @TempDir Path folder;

  /** What a child process tells: its library, then its losses. */
  private List<String> child(String classPath, String... options)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classPath, LossesOfAChild.class.getName()));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    var builder = new ProcessBuilder(command);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    int code = builder.start().waitFor();
    String complaints = Files.readString(err, StandardCharsets.UTF_8);
    assertEquals("", complaints);
    assertEquals(0, code);
    return Files.readAllLines(out, StandardCharsets.UTF_8);
  }

  private static void assertClose(List<String> expected, List<String> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 1; i < expected.size(); i++) {
      double loss = Double.parseDouble(expected.get(i));
      assertEquals(loss, Double.parseDouble(actual.get(i)), 1e-5 * loss);
    }
  }

  @Test
  void pureJavaComesToTheSameLosses() throws IOException, InterruptedException {
    var normal = child(CLASS_PATH);
    var pure = child(CLASS_PATH, "-D" + Blas.PROPERTY + "=java");
    assertEquals("netlib in pure Java (as asked by -Dweft.blas)", pure.get(0));
    assertClose(normal, pure);
  }

  @Test
  void withoutItsLibraryItFallsBackAndSaysWhy() throws IOException, InterruptedException {
    String without =
        Arrays.stream(CLASS_PATH.split(File.pathSeparator))
            .filter(entry -> !new File(entry).getName().matches("openblas-.*-linux-.*\\.jar"))
            .collect(Collectors.joining(File.pathSeparator));
    var fallen = child(without);
    assertTrue(
        fallen.get(0).startsWith("netlib in pure Java (OpenBLAS does not load here: "),
        fallen.get(0));
    assertTrue(fallen.get(0).contains("openblas_nolapack"), fallen.get(0));
    assertEquals(
        child(without, "-D" + Blas.PROPERTY + "=java").subList(1, 7), fallen.subList(1, 7));
  }
}
