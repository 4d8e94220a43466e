package weft.notebook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's cell runs as printed and gives the output printed under it. */
final class ReadmeIT {
  private static final Pattern CELL_AND_OUTPUT =
      Pattern.compile("```java\n(.*?)```\n+```text\n(.*?)```", Pattern.DOTALL);

  @Test
  void theFirstCellGivesTheOutputShown() throws IOException {
    Matcher block = cellAndOutput();
    try (var kernel = new JupyterClient(List.of(), Path.of("."))) {
      assertEquals(block.group(2).strip(), kernel.run(block.group(1)).text().strip());
    }
  }

  private static Matcher cellAndOutput() throws IOException {
    Matcher block = CELL_AND_OUTPUT.matcher(Files.readString(Path.of("README.md")));
    if (!block.find()) {
      throw new IllegalStateException("README.md has no java block followed by a text block");
    }
    return block;
  }

  /** Draws the README's picture anew from the README's cell. */
  public static void main(String[] arguments) throws IOException {
    try (var kernel = new JupyterClient(List.of(), Path.of("."))) {
      System.out.println(kernel.run(cellAndOutput().group(1)).text());
      String png = kernel.run("History.overlay(idle, busy)").result("image/png");
      Files.write(
          Path.of("notebooks/pictures/loss-over-the-wire.png"),
          Base64.getMimeDecoder().decode(png));
    }
  }
}
