package weft.notebook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who is answered, on which addresses, and how soon. */
final class ConnectionIT {
  private static final int FIRST_RESULT_MS = 2_000;
  private static final int TRIVIAL_MS = 100;

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

  @Test
  void theFirstResultComesWithinTwoSeconds() {
    long best = Long.MAX_VALUE;
    long trivial = Long.MAX_VALUE;
    JupyterClient.spec();
    for (int tries = 0; tries < 4 && (best > FIRST_RESULT_MS || trivial > TRIVIAL_MS); tries++) {
      assumeTrue(Idle.await(Duration.ofSeconds(40)), "the machine is too busy for a stop-watch");
      long start = System.nanoTime();
      try (var kernel = new JupyterClient()) {
        assertEquals("2", kernel.run("1 + 1").text());
        best = Math.min(best, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        trivial = Math.min(trivial, median(kernel));
      }
    }
    System.out.println("first result after " + best + " ms, a trivial cell " + trivial + " ms");
    assertTrue(best <= FIRST_RESULT_MS, "first result after " + best + " ms");
    assertTrue(trivial <= TRIVIAL_MS, "a trivial cell takes " + trivial + " ms");
  }

  private static long median(JupyterClient kernel) {
    var times = new ArrayList<Long>();
    for (int i = 0; i < 21; i++) {
      long start = System.nanoTime();
      kernel.run("2 + " + i);
      times.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }
    times.sort(null);
    return times.get(times.size() / 2);
  }
}
