package weft.notebook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who is answered, and on which addresses. */
final class ConnectionIT {
  @Test
  void onlySignedMessagesAreAnswered() {
    try (var kernel = new JupyterClient()) {
      kernel.shell.setReceiveTimeOut(1_500);
      kernel.send(kernel.shell, "kernel_info_request", new JsonObject(), "wrong key");
      assertNull(kernel.receive(kernel.shell));
      for (String malformed : List.of("", "<IDS|MSG>", "hello")) {
        kernel.shell.send(malformed);
      }
      assertNull(kernel.receive(kernel.shell));
      kernel.shell.setReceiveTimeOut(20_000);
      JsonObject info = kernel.request(kernel.shell, "kernel_info_request", new JsonObject());
      assertEquals("Java", info.getAsJsonObject("language_info").get("name").getAsString());
      kernel.heartbeat.send("beat");
      assertEquals("beat", new String(kernel.heartbeat.recv(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void itListensWhereItIsToldAndNowhereElse() throws IOException {
    try (var kernel = new JupyterClient()) {
      kernel.run("1");
      var expected = new TreeSet<String>();
      for (String channel : List.of("shell", "iopub", "stdin", "control", "hb")) {
        expected.add(String.format("0100007F:%04X", kernel.port(channel)));
      }
      assertEquals(expected, listening(kernel.process().pid()));
    }
  }

  /** Addresses on which a process listens, in the hexadecimal of {@code /proc/net/tcp}. */
  private static Set<String> listening(long pid) throws IOException {
    var inodes = new ArrayList<String>();
    try (var open = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path each : open) {
        String target = Files.readSymbolicLink(each).toString();
        if (target.startsWith("socket:[")) {
          inodes.add(target.substring(8, target.length() - 1));
        }
      }
    }
    var addresses = new TreeSet<String>();
    for (String table : List.of("tcp", "tcp6")) {
      Path file = Path.of("/proc/" + pid + "/net/" + table);
      if (!Files.exists(file)) {
        continue;
      }
      for (String line : Files.readAllLines(file)) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields[3].equals("0A") && inodes.contains(fields[9])) {
          String address = fields[1];
          addresses.add(address.replaceFirst("^0{16}FFFF0000(0100007F:)", "$1"));
        }
      }
    }
    return addresses;
  }
}
