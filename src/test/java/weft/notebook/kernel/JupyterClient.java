package weft.notebook.kernel;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** A kernel in its own process and the front end's end of its five sockets. */
final class JupyterClient implements AutoCloseable {
  private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);
  private static final ProcessBuilder.Redirect LOG =
      ProcessBuilder.Redirect.appendTo(Path.of("target", "kernels.log").toFile());
  private static final int FIRST_PORT = 12_000;
  private static final int END_OF_PORTS = 32_000;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final ZMQ.Context context = ZMQ.context(1);
  private final String key = UUID.randomUUID().toString();
  private final String session = UUID.randomUUID().toString();
  private final Path file;
  private final Process process;
  private final JsonObject connection = new JsonObject();
  final ZMQ.Socket shell;
  final ZMQ.Socket control;
  final ZMQ.Socket input;
  final ZMQ.Socket outputs;
  final ZMQ.Socket heartbeat;

  JupyterClient() {
    this(List.of(), Path.of("").toAbsolutePath());
  }

  /** Starts a kernel with further options of the Java command, in a folder. */
  JupyterClient(List<String> options, Path folder) {
    try {
      connection.addProperty("ip", "127.0.0.1");
      connection.addProperty("transport", "tcp");
      connection.addProperty("signature_scheme", "hmac-sha256");
      connection.addProperty("key", key);
      addFreePorts();
      file = Files.createTempFile("connection", ".json");
      Files.writeString(file, connection.toString());
      process = start(options, folder);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    outputs = connect(SocketType.SUB, "iopub");
    outputs.setRcvHWM(0);
    outputs.subscribe(new byte[0]);
    shell = connect(SocketType.DEALER, "shell");
    control = connect(SocketType.DEALER, "control");
    input = connect(SocketType.DEALER, "stdin");
    heartbeat = connect(SocketType.REQ, "hb");
    request(shell, "kernel_info_request", new JsonObject());
  }

  /**
   * Ports that nothing listens at, five different ones, below those that the system gives to
   * outgoing connections: such a one could have taken a port before the kernel listens there.
   */
  private void addFreePorts() throws IOException {
    var held = new ArrayList<ServerSocket>();
    try {
      for (String channel : List.of("shell", "iopub", "stdin", "control", "hb")) {
        ServerSocket socket = freePort();
        held.add(socket);
        connection.addProperty(channel + "_port", socket.getLocalPort());
      }
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  private static ServerSocket freePort() throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, END_OF_PORTS);
      try {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
      } catch (BindException taken) {
        // the next one may be free
      }
    }
  }

  /** Starts what the installed kernelspec says, with further options. */
  private Process start(List<String> options, Path folder) throws IOException {
    var command = new ArrayList<String>();
    for (JsonElement word : Installed.SPEC.getAsJsonArray("argv")) {
      command.add(word.getAsString().replace("{connection_file}", file.toString()));
    }
    command.addAll(1, options);
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(LOG)
        .start();
  }

  /** The kernelspec, written once by the installer itself. */
  private static final class Installed {
    private static final int LAST_LINES = 20;

    static final Path FOLDER = Path.of("target", "jupyter-test").toAbsolutePath();
    static final JsonObject SPEC = install();

    /** The end of what kernels wrote. */
    static String logged() {
      try {
        List<String> lines = Files.readAllLines(LOG.file().toPath());
        int from = Math.max(0, lines.size() - LAST_LINES);
        return "kernels wrote last:\n" + String.join("\n", lines.subList(from, lines.size()));
      } catch (IOException failure) {
        return "what it wrote cannot be read: " + failure;
      }
    }

    private static JsonObject install() {
      Path jar = Path.of("target", "weft.jar").toAbsolutePath();
      String path = jar + File.pathSeparator + jar.resolveSibling("lib") + "/*";
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      try {
        var installer =
            new ProcessBuilder(java, "-cp", path, InstallKernel.class.getName(), FOLDER.toString())
                .redirectErrorStream(true)
                .redirectOutput(LOG)
                .start();
        if (installer.waitFor() != 0) {
          throw new IllegalStateException("the kernel could not be installed");
        }
        String spec = Files.readString(FOLDER.resolve("kernels/java/kernel.json"));
        return JsonParser.parseString(spec).getAsJsonObject();
      } catch (IOException | InterruptedException failure) {
        throw new IllegalStateException(failure);
      }
    }
  }

  static JsonObject spec() {
    return Installed.SPEC;
  }

  private ZMQ.Socket connect(SocketType type, String channel) {
    ZMQ.Socket socket = context.socket(type);
    socket.setLinger(0);
    if (type == SocketType.DEALER) {
      socket.setIdentity(bytes(session)); // the kernel asks for input where the cell came from
    }
    socket.connect("tcp://127.0.0.1:" + connection.get(channel + "_port").getAsInt());
    return socket;
  }

  int port(String channel) {
    return connection.get(channel + "_port").getAsInt();
  }

  Process process() {
    return process;
  }

  /** One message as it stands on the wire. */
  record Received(JsonObject header, JsonObject parent, JsonObject content, JsonObject metadata) {
    String type() {
      return header.get("msg_type").getAsString();
    }

    String parentId() {
      return parent.has("msg_id") ? parent.get("msg_id").getAsString() : "";
    }
  }

  /** Sends a request, signed with the right key. */
  String send(ZMQ.Socket socket, String type, JsonObject content) {
    return send(socket, type, content, key);
  }

  String send(ZMQ.Socket socket, String type, JsonObject content, String signedWith) {
    var header = new JsonObject();
    String id = UUID.randomUUID().toString();
    header.addProperty("msg_id", id);
    header.addProperty("msg_type", type);
    header.addProperty("session", session);
    header.addProperty("username", "reader");
    header.addProperty("date", Instant.now().toString());
    header.addProperty("version", "5.3");
    List<byte[]> parts =
        List.of(bytes(header.toString()), bytes("{}"), bytes("{}"), bytes(content.toString()));
    socket.sendMore(DELIMITER);
    socket.sendMore(signature(parts, signedWith));
    for (int i = 0; i < parts.size() - 1; i++) {
      socket.sendMore(parts.get(i));
    }
    socket.send(parts.get(parts.size() - 1));
    return id;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String signature(List<byte[]> parts, String key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes(key), "HmacSHA256"));
      parts.forEach(mac::update);
      return HexFormat.of().formatHex(mac.doFinal());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The next message, or null when none came within the socket's time-out. */
  @Nullable Received receive(ZMQ.Socket socket) {
    byte[] frame = socket.recv();
    while (frame != null && !java.util.Arrays.equals(frame, DELIMITER)) {
      frame = socket.recv();
    }
    if (frame == null) {
      return null;
    }
    String given = socket.recvStr();
    List<byte[]> parts = List.of(socket.recv(), socket.recv(), socket.recv(), socket.recv());
    while (socket.hasReceiveMore()) {
      socket.recv();
    }
    if (!signature(parts, key).equals(given)) {
      throw new IllegalStateException("the kernel's signature is wrong");
    }
    return new Received(
        json(parts.get(0)), json(parts.get(1)), json(parts.get(3)), json(parts.get(2)));
  }

  private static JsonObject json(byte[] part) {
    return JsonParser.parseString(new String(part, StandardCharsets.UTF_8)).getAsJsonObject();
  }

  /** Sends a request and waits for its reply's content. */
  JsonObject request(ZMQ.Socket socket, String type, JsonObject content) {
    String id = send(socket, type, content);
    return replyTo(socket, id);
  }

  JsonObject replyTo(ZMQ.Socket socket, String id) {
    while (true) {
      Received reply = next(socket);
      if (reply.parentId().equals(id)) {
        return reply.content();
      }
    }
  }

  /** The next message, waited for; says what became of a silent kernel. */
  Received next(ZMQ.Socket socket) {
    while (true) {
      await(socket);
      Received message = receive(socket);
      if (message != null) {
        return message;
      }
    }
  }

  private void await(ZMQ.Socket socket) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    try (ZMQ.Poller poller = context.poller(1)) {
      poller.register(socket, ZMQ.Poller.POLLIN);
      while (poller.poll(1_000) <= 0) {
        if (!process.isAlive()) {
          throw new IllegalStateException(
              "the kernel ended with exit code " + process.exitValue() + "; " + Installed.logged());
        }
        if (System.nanoTime() > end) {
          throw new IllegalStateException("no reply within " + PATIENCE + "; " + threads());
        }
      }
    }
  }

  /** Where the kernel's threads are. */
  private String threads() {
    try {
      Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
      Process asked =
          new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "Thread.print")
              .redirectErrorStream(true)
              .start();
      String told = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return "its threads:\n" + told;
    } catch (IOException failure) {
      return "its threads cannot be told: " + failure;
    }
  }

  /** Runs a cell to its end. */
  Outcome run(String code) {
    return outcome(start(code));
  }

  /** Starts a cell. */
  String start(String code) {
    var content = new JsonObject();
    content.addProperty("code", code);
    content.addProperty("silent", false);
    content.addProperty("store_history", true);
    content.add("user_expressions", new JsonObject());
    content.addProperty("allow_stdin", true);
    content.addProperty("stop_on_error", true);
    return send(shell, "execute_request", content);
  }

  /** Waits for a started cell's reply and its outputs. */
  Outcome outcome(String id) {
    JsonObject reply = replyTo(shell, id);
    var published = new ArrayList<Received>();
    while (true) {
      Received message = next(outputs);
      if (!message.parentId().equals(id)) {
        continue;
      }
      published.add(message);
      if (message.type().equals("status")
          && message.content().get("execution_state").getAsString().equals("idle")) {
        return new Outcome(reply, published);
      }
    }
  }

  /** Asks for the running cell to be interrupted, as a notebook's stop button does. */
  void interrupt() {
    request(control, "interrupt_request", new JsonObject());
  }

  @Override
  public void close() {
    var content = new JsonObject();
    content.addProperty("restart", false);
    send(control, "shutdown_request", content);
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      Files.deleteIfExists(file);
    } catch (IOException | InterruptedException failure) {
      process.destroyForcibly();
    }
    List.of(shell, control, input, outputs, heartbeat).forEach(ZMQ.Socket::close);
    context.term();
  }
}
