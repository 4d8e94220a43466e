package weft.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Wireshark's dissectors on a capture file. */
public final class Tshark {
  private final Path file;

  /** On this file. */
  public Tshark(Path file) {
    this.file = file;
  }

  /**
   * Leaves a test out where tshark is not installed, unless {@code WEFT_TSHARK=required} says that
   * it must be, as {@code binder/test} does.
   */
  public static void assume() {
    boolean installed =
        Arrays.stream(System.getenv("PATH").split(java.io.File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "tshark")));
    if (!"required".equals(System.getenv("WEFT_TSHARK"))) {
      assumeTrue(installed, "tshark is not installed: apt-get install tshark");
    }
  }

  /**
   * The values of these fields, separated by spaces, a line for each frame that has one of them;
   * what a frame does not have takes no room.
   */
  public List<String> fields(String... names) {
    var command =
        new ArrayList<>(List.of("-T", "fields", "-E", "separator=/t", "-E", "occurrence=f"));
    for (String name : names) {
      command.addAll(List.of("-e", name));
    }
    return run(command).stream()
        .map(line -> line.replaceAll("\t+", " ").strip())
        .filter(line -> !line.isEmpty())
        .toList();
  }

  /** What Wireshark finds wrong with any frame: malformed, bad checksums, warnings. */
  public List<String> complaints() {
    var all =
        new ArrayList<>(
            run(
                List.of(
                    "-Y",
                    "_ws.malformed || _ws.expert.severity >= 0x400000",
                    "-T",
                    "fields",
                    "-e",
                    "frame.number",
                    "-e",
                    "_ws.expert.message")));
    fields("frame.number", "_ws.col.Info").stream()
        .filter(line -> line.contains("alformed"))
        .forEach(all::add);
    return all;
  }

  private List<String> run(List<String> arguments) {
    var command =
        new ArrayList<>(
            List.of(
                "tshark",
                "-n",
                "-r",
                file.toString(),
                "-o",
                "ip.check_checksum:TRUE",
                "-o",
                "udp.check_checksum:TRUE"));
    command.addAll(arguments);
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), String.join(" ", command));
      return out.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
