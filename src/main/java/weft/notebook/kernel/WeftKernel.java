package weft.notebook.kernel;

import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.JupyterIO;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.publish.PublishStream;
import io.github.spencerpark.jupyter.messages.publish.PublishStream.StreamType;
import io.github.spencerpark.jupyter.messages.request.ExecuteRequest;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import weft.notebook.display.KernelRenderers;

/** The kernel of this process: {@code WeftKernel <connection file>}. */
public final class WeftKernel extends BaseKernel {
  private static final String STARTUP = "/weft/notebook/startup.jsh";
  private static final String CELL_STARTUP = "/weft/notebook/kernel.jsh";

  /** In place of a connection file: to run a few cells and exit. */
  static final String REHEARSE = "--rehearse";

  private static final String REHEARSED =
      "Table.create(\"t\", DoubleColumn.create(\"x\", 1, 2.5), StringColumn.create(\"y\", \"a\", \"b\"))";

  private static volatile @Nullable WeftKernel instance;

  private final CellIo io = new CellIo();
  private final Streams streams = new Streams(this::publish);
  private final CompletableFuture<JavaShell> shell = new CompletableFuture<>();
  private final Cells cells = new Cells(this::evaluateCell, streams::flush);
  private volatile @Nullable ShellReplyEnvironment environment;

  private WeftKernel() {
    setShouldReplaceStdStreams(false);
    KernelRenderers.register(getRenderer());
  }

  /** The running kernel, or null in a process that is none. */
  public static @Nullable WeftKernel instance() {
    return instance;
  }

  /** Serves the connection described by the file until told to shut down. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 1) {
      System.err.println("usage: weft.notebook.kernel.WeftKernel <connection file>");
      System.exit(2);
    }
    if (arguments[0].equals(REHEARSE)) {
      rehearse();
      System.exit(0); // halting would leave no archive
    }
    String file = Files.readString(Path.of(arguments[0]));
    var kernel = new WeftKernel();
    instance = kernel;
    var connection = new Connection(KernelConnectionProperties.parse(file));
    kernel.becomeHandlerForConnection(connection);
    connection.connect();
    Signals.onInterrupt(kernel::interrupt);
    Signals.onEndOfParent(connection::shutDown);
    kernel.start();
    connection.waitUntilClose();
    Runtime.getRuntime().halt(0); // without waiting for what cells left running
  }

  /** Loads what a kernel loads up to its first results, without a front end. */
  private static void rehearse() throws Exception {
    var kernel = new WeftKernel();
    instance = kernel;
    var told =
        new KernelConnectionProperties(
            "127.0.0.1", 0, 0, 0, 0, 0, "tcp", "hmac-sha256", "rehearsal");
    kernel.becomeHandlerForConnection(new Connection(told));
    kernel.start();
    int cell = 0;
    for (String code : List.of("1 + 1", "int f(int n) { return n; }", "f(3)", "f(x)", REHEARSED)) {
      try {
        kernel.evaluateCell(++cell, code);
      } catch (Failure expected) {
        kernel.streams.flush();
      }
    }
    kernel.complete("Math.ma", 7);
  }

  /** Takes the streams of the process over and readies JShell; requests wait meanwhile. */
  private void start() {
    var out = streams.stream(StreamType.OUT);
    var err = streams.stream(StreamType.ERR);
    InputStream in = io.in;
    System.setOut(out);
    System.setErr(err);
    System.setIn(in);
    var ready = new JavaShell(in, out, err);
    ready.start(STARTUP);
    ready.start(CELL_STARTUP);
    shell.complete(ready);
  }

  @Override
  public void becomeHandlerForConnection(JupyterConnection connection) {
    super.becomeHandlerForConnection(connection);
    connection.setHandler(MessageType.EXECUTE_REQUEST, this::execute);
  }

  private void execute(ShellReplyEnvironment environment, Message<ExecuteRequest> request) {
    this.environment = environment; // kept after the cell: its threads may print later
    getCommManager().setMessageContext(request);
    io.attach(environment, request.getContent().isStdinEnabled());
    cells.execute(environment, request);
  }

  private void publish(PublishStream text) {
    ShellReplyEnvironment last = environment;
    if (last != null) {
      last.publish(new Message<>(last.getContext(), PublishStream.MESSAGE_TYPE, text));
    }
  }

  private @Nullable DisplayData evaluateCell(int cell, String source) throws Failure {
    return shell
        .join()
        .evaluate(
            cell,
            source,
            value -> value instanceof DisplayData data ? data : getRenderer().render(value));
  }

  /** Evaluates code as a part of the running cell and returns its value. */
  public @Nullable Object evalRaw(String code) throws Exception {
    return shell.join().evaluateNested(code);
  }

  @Override
  public @Nullable DisplayData eval(String code) throws Exception {
    Object value = evalRaw(code);
    return value == null ? null : getRenderer().render(value);
  }

  /** Adds a jar or a folder of classes to what cells can use. */
  public void addToClasspath(String path) {
    shell.join().jshell().addToClasspath(path);
  }

  /** Shows data in the running cell. */
  @Override
  public void display(DisplayData data) {
    streams.flush();
    io.display.display(data);
  }

  /** Replaces what was shown under an id. */
  public void updateDisplay(String id, DisplayData data) {
    streams.flush();
    io.display.updateDisplay(id, data);
  }

  @Override
  public JupyterIO getIO() {
    return io;
  }

  private Assistant assistant() {
    JavaShell ready = shell.join();
    return new Assistant(ready.jshell(), ready.magics());
  }

  @Override
  public ReplacementOptions complete(String code, int at) {
    return assistant().complete(code, at);
  }

  @Override
  public @Nullable DisplayData inspect(String code, int at, boolean extraDetail) {
    return assistant().inspect(code, at);
  }

  @Override
  public String isComplete(String code) {
    return assistant().isComplete(code);
  }

  @Override
  public void interrupt() {
    JavaShell running = shell.getNow(null);
    if (running != null) {
      running.interrupt();
    }
  }

  @Override
  public LanguageInfo getLanguageInfo() {
    return new LanguageInfo.Builder("Java")
        .version(Runtime.version().toString())
        .mimetype("text/x-java-source")
        .fileExtension(".java")
        .pygments("java")
        .codemirror(Map.of("name", "text/x-java"))
        .build();
  }

  @Override
  public String getBanner() {
    return "Java "
        + Runtime.version()
        + ", with Weft: neural networks and the fabrics they train on";
  }

  @Override
  public List<LanguageInfo.Help> getHelpLinks() {
    return List.of(
        new LanguageInfo.Help("Java", "https://docs.oracle.com/en/java/javase/17/docs/api/"),
        new LanguageInfo.Help("Tablesaw", "https://jtablesaw.github.io/tablesaw/"));
  }

  /** Lets the streams of basekernel follow the running cell, whose setters it keeps to itself. */
  private static final class CellIo extends JupyterIO {
    CellIo() {
      super(StandardCharsets.UTF_8);
    }

    void attach(ShellReplyEnvironment environment, boolean stdin) {
      setEnv(environment);
      setJupyterInEnabled(stdin);
    }
  }
}
