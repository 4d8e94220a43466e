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

/**
 * The README's cells run as printed, one after the other, and give the outputs printed under them.
 */
final class ReadmeIT {
  private static final Path README = Path.of("README.md");
  private static final Path PICTURES = Path.of("notebooks/pictures");
  private static final Pattern CELL_AND_OUTPUT =
      Pattern.compile("```java\n(.*?)```\n+```text\n(.*?)```", Pattern.DOTALL);

  @Test
  void cellsGiveTheOutputsShown() throws IOException {
    Matcher block = CELL_AND_OUTPUT.matcher(Files.readString(README));
    int cells = 0;
    try (var kernel = new JupyterClient(List.of(), Path.of("."))) {
      while (block.find()) {
        assertEquals(block.group(2).strip(), kernel.run(block.group(1)).text().strip());
        cells++;
      }
    }
    assertEquals(5, cells, "cells of README.md that an output follows");
  }

  /** Writes the README's outputs and pictures anew, as its cells give them. */
  public static void main(String[] arguments) throws IOException {
    try (var kernel = new JupyterClient(List.of(), Path.of("."))) {
      String anew =
          CELL_AND_OUTPUT
              .matcher(Files.readString(README))
              .replaceAll(
                  block ->
                      Matcher.quoteReplacement(
                          "```java\n%s```\n\n```text\n%s\n```"
                              .formatted(
                                  block.group(1), kernel.run(block.group(1)).text().strip())));
      Files.writeString(README, anew);
      String loss = kernel.run("History.overlay(idle, busy)").result("image/png");
      Files.write(PICTURES.resolve("loss-over-the-wire.png"), Base64.getMimeDecoder().decode(loss));
      String interval = kernel.run("storage.chart()").result("image/png");
      Files.write(PICTURES.resolve("checkpoints.png"), Base64.getMimeDecoder().decode(interval));
      Files.writeString(
          PICTURES.resolve("plan-packed.svg"), kernel.run("packed.picture().svg()").text());
    }
  }
}
