package weft.notebook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Cells as a reader writes them, through a kernel in its own process. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KernelIT {
  private JupyterClient kernel;

  @BeforeAll
  void start() {
    kernel = new JupyterClient();
  }

  @AfterAll
  void end() {
    kernel.close();
  }

  private static void contains(String text, String... parts) {
    for (String part : parts) {
      assertTrue(text.contains(part), () -> "\"" + part + "\" is missing in:\n" + text);
    }
  }

  @Test
  void theLastExpressionIsTheResult() {
    assertEquals("42", kernel.run("int a = 6;\na * 7").text());
    assertEquals("", kernel.run("int b = 5;").text());
    assertEquals("", kernel.run("// nothing\n").text());
  }

  @Test
  void importsAreThereFromTheStart() {
    assertEquals("400 Gb/s", kernel.run("gbps(400)").text());
    assertEquals(
        "[1, 4, 9]",
        kernel
            .run("IntStream.of(1, 2, 3).mapToObj(i -> i * i).collect(Collectors.toList())")
            .text());
  }

  /** Halves at each CNP and adds a little with each packet: two flows come to equal rates. */
  @Test
  void aCongestionControlOfTheReadersOwnRuns() {
    kernel.run(
        """
        record Halving(double step) implements CongestionControl {
          public Controller open(Connection connection) {
            double line = connection.nic().bitsPerSecond();
            return new Controller() {
              double rate = line;
              public double bitsPerSecond() { return rate; }
              public void onSend(long nowPs, int wireBytes) { rate = Math.min(line, rate + step); }
              public void onNotification(long nowPs) { rate = Math.max(line / 20, rate / 2); }
            };
          }
        }
        var link = Bottleneck.of(gbps(100)).flows(2).under(new Halving(1e7));
        var packets = link.run(ms(20)).packets();
        """);
    kernel.run("double a = packets.settledRate(0);\ndouble b = packets.settledRate(1);");
    assertEquals("true", kernel.run("a + b > 60e9 && Math.abs(a - b) < 0.25 * a").text());
    assertEquals("true", kernel.run("packets.settledQueue() < 400e3").text());
  }

  @Test
  void definitionsMayWaitForEachOther() {
    Outcome outcome =
        kernel.run(
            "int twice(int n) { return plus(n, n); }\nint plus(int a, int b) { return a + b; }\ntwice(4)");
    assertEquals("8", outcome.text());
    assertEquals("", outcome.err());
    contains(kernel.run("int later() { return notYet(); }").err(), "define method notYet()");
    contains(kernel.run("later()").error(), "later uses method notYet(), which is not defined yet");
  }

  @Test
  void aTypoIsTold() {
    Outcome outcome = kernel.run("int fine = 1;\nfoo bar");
    assertEquals("error", outcome.status());
    assertEquals("CompileError", outcome.errorName());
    contains(outcome.error(), ", line 2:", "foo bar", "^^^", "cannot find symbol");
    assertEquals("error", kernel.run("fooo").status());
    contains(kernel.run("if (true) {").error(), "Incomplete");
  }

  @Test
  void aCompileErrorHasItsLineAndACaret() {
    Outcome outcome = kernel.run("// one\n\nint ok = 1;\n   String s = 5;");
    contains(
        outcome.error(),
        "line 4:",
        "       String s = 5;\n                  ^\n",
        "int cannot be converted");
  }

  @Test
  void anErrorShowsTheReadersLinesAndTheCauses() {
    kernel.run(
        "int at(int i) {\n  return new int[1][i == 0 ? 0 : 0] == null ? 0 : new int[1][i] [0];\n}"
            .replace(
                "new int[1][i == 0 ? 0 : 0] == null ? 0 : new int[1][i] [0]", "(new int[1])[i]"));
    Outcome outcome =
        kernel.run(
            """

            // a comment first
            int outer(int i) {
              try {
                return at(i);
              } catch (RuntimeException e) {
                throw new IllegalStateException("no element " + i, e);
              }
            }

            outer(3)
            """);
    assertEquals("java.lang.IllegalStateException", outcome.errorName());
    contains(
        outcome.error(),
        "IllegalStateException: no element 3",
        "line 7, in outer():  throw new IllegalStateException",
        "line 11:  outer(3)",
        "Caused by: java.lang.ArrayIndexOutOfBoundsException: Index 3 out of bounds for length 1",
        "line 2, in at():  return (new int[1])[i];",
        "line 5, in outer():  return at(i);");
    for (String machinery : List.of("weft.notebook", "jdk.jshell", "reflect", "REPL")) {
      assertFalse(outcome.error().contains(machinery), outcome::error);
    }
  }

  @Test
  void whatAnApiRefusesIsToldByItsMessage() {
    String error = kernel.run("gbps(-4)").error();
    contains(error, "a rate must be above 0, but was -4", ":  gbps(-4)");
    assertFalse(error.contains("thrown in"), error);
  }

  @Test
  void aHundredThousandLinesArriveInFewMessages() {
    Outcome outcome =
        kernel.run("for (int i = 0; i < 100_000; i++) System.out.println(i);\n\"done\"");
    String expected =
        IntStream.range(0, 100_000).mapToObj(i -> i + "\n").collect(Collectors.joining());
    assertEquals(expected, outcome.out());
    assertTrue(outcome.of("stream").size() < 200, () -> outcome.of("stream").size() + " messages");
    List<String> types = outcome.published().stream().map(JupyterClient.Received::type).toList();
    assertTrue(types.lastIndexOf("stream") < types.indexOf("execute_result"));
  }

  @Test
  void outputAndErrorKeepTheirOrder() {
    Outcome outcome =
        kernel.run("System.out.print(\"é1\"); System.err.print(\"2\"); System.out.print(\"3\");");
    assertEquals(
        List.of("é1", "2", "3"),
        outcome.of("stream").stream().map(m -> m.content().get("text").getAsString()).toList());
  }

  @Test
  void anErrorLeavesTheKernelAlive() {
    assertEquals(
        "java.lang.StackOverflowError",
        kernel.run("int deep(int n) { return deep(n + 1) + 1; }\ndeep(0)").errorName());
    assertEquals(
        "java.lang.AssertionError", kernel.run("throw new AssertionError(\"x\");").errorName());
    try (var small = new JupyterClient(List.of("-Xmx192m"), Path.of("").toAbsolutePath())) {
      Outcome full =
          small.run(
              "void hoard() { var all = new ArrayList<byte[]>(); while (true) all.add(new byte[1 << 24]); }\nhoard()");
      assertEquals("java.lang.OutOfMemoryError", full.errorName());
      assertEquals("2", small.run("1 + 1").text());
    }
  }

  @Test
  void exitEndsTheCellOnly() {
    for (String code :
        List.of(
            "System.exit(3)",
            "Runtime.getRuntime().exit(3)",
            "Runtime.getRuntime().halt(3)",
            "java.util.function.IntConsumer leave = System::exit;\nleave.accept(3)")) {
      Outcome outcome = kernel.run(code);
      assertEquals("Exit", outcome.errorName(), code);
      assertEquals("", outcome.err());
    }
    assertEquals("2", kernel.run("1 + 1").text());
  }

  @Test
  void ijavasFunctionsAreThere() {
    Outcome shown = kernel.run("String id = display(\"one\");\nupdateDisplay(id, \"two\");\nid");
    JsonObject first = shown.of("display_data").get(0).content();
    JsonObject second = shown.of("update_display_data").get(0).content();
    assertEquals("one", first.getAsJsonObject("data").get("text/plain").getAsString());
    assertEquals("two", second.getAsJsonObject("data").get("text/plain").getAsString());
    assertEquals(first.get("transient"), second.get("transient"));
    assertEquals("<b>x</b>", kernel.run("render(\"<b>x</b>\", \"text/html\")").result("text/html"));
    assertEquals("42", kernel.run("eval(\"6 * 7\")").text());
    assertEquals("true", kernel.run("getKernelInstance().getRenderer() != null").text());
  }

  @Test
  void tablesChartsAndPicturesShowWithoutACall() {
    Outcome table =
        kernel.run(
            "Table.create(\"a <b>\", IntColumn.create(\"n\", 1, 2), DoubleColumn.create(\"t (s)\", 3.7037036699999994, 12))");
    contains(table.result("text/html"), "<caption", "a &lt;b&gt;", ">3.70<", ">12.00<");
    contains(table.text(), "a <b>", "3.70");
    Outcome chart =
        kernel.run(
            "var c = new XYChartBuilder().width(600).height(300).title(\"T\").build();\nc.addSeries(\"a\", new double[] {1, 2}, new double[] {3, 4});\nc");
    assertTrue(chart.result("image/png").startsWith("iVBOR"));
    assertEquals(
        "{\"image/png\":{\"height\":300,\"width\":600}}",
        chart.of("execute_result").get(0).content().get("metadata").toString().replace(".0", ""));
    Outcome picture = kernel.run("new Picture(\"<svg/>\", \"nothing\")");
    assertEquals("<svg/>", picture.result("image/svg+xml"));
    assertEquals("nothing", picture.text());
  }

  private static String training(int rows, int epochs) {
    return "var run = Network.inputs(64).dense(64, relu()).dense(10, softmax()).loss(crossEntropy())"
        + ".train(sgd(0.01)).on(Datasets.digits().train().rows(IntStream.range(0, "
        + rows
        + ").toArray())).batch(1).epochs("
        + epochs
        + ").run();";
  }

  private static String html(JupyterClient.Received message) {
    return message.content().getAsJsonObject("data").get("text/html").getAsString();
  }

  @Test
  void anInterruptedRunSaysSoAndLosesNothing() throws InterruptedException {
    String id = kernel.start(training(3000, 100_000));
    Thread.sleep(8_000);
    kernel.interrupt();
    Outcome outcome = kernel.outcome(id);
    assertEquals(1, outcome.of("display_data").size());
    contains(html(outcome.of("display_data").get(0)), "Training: epoch ", " samples/s, ", " left");
    var updates = outcome.of("update_display_data");
    assertTrue(updates.size() >= 2 && updates.size() <= 16, () -> updates.size() + " updates");
    contains(html(updates.get(updates.size() - 2)), "<img width", "data:image/png;base64,iVBOR");
    contains(html(updates.get(updates.size() - 1)), "interrupted in epoch", "nothing is lost");
    assertEquals("Interrupted", outcome.errorName());
    contains(kernel.run("run").text(), "resumed() goes on from here");
    assertEquals("true", kernel.run("run.steps() > 100").text());
  }

  @Test
  void whatALongRunToldIsTakenAway() {
    Outcome outcome = kernel.run(training(3000, 80));
    assertEquals("ok", outcome.status(), outcome::error);
    assertEquals(1, outcome.of("display_data").size());
    var updates = outcome.of("update_display_data");
    assertEquals("", html(updates.get(updates.size() - 1)));
    assertEquals(List.of(), NotebookFile.comparable(NotebookFile.outputs(outcome)));
  }

  @Test
  void aShortRunShowsNothing() {
    Outcome outcome = kernel.run(training(50, 1));
    assertEquals("ok", outcome.status(), outcome::error);
    assertEquals(List.of(), outcome.of("display_data"));
  }

  @Test
  void completionAndInspectionAnswer() {
    kernel.run("int fortyTwo = 42;");
    var asked = new JsonObject();
    asked.addProperty("code", "int x = 1;\nfortyT");
    asked.addProperty("cursor_pos", 17);
    JsonObject completed = kernel.request(kernel.shell, "complete_request", asked);
    assertEquals("[\"fortyTwo\"]", completed.get("matches").toString());
    assertEquals(11, completed.get("cursor_start").getAsInt());
    assertEquals(17, completed.get("cursor_end").getAsInt());
    asked.addProperty("code", "\"abc\".substring(1)");
    asked.addProperty("cursor_pos", 10);
    asked.addProperty("detail_level", 0);
    JsonObject inspected = kernel.request(kernel.shell, "inspect_request", asked);
    assertTrue(inspected.get("found").getAsBoolean());
    contains(inspected.get("data").toString(), "String.substring(int beginIndex)");
  }

  @Test
  void completenessIsTold() {
    for (var each :
        List.of(
            List.of("1 + 1", "complete"),
            List.of("int f() {", "incomplete"),
            List.of("%maven a:b:c", "complete"),
            List.of("%maven a:b:c\nint f() {", "incomplete"),
            List.of("%maven a:b:c\n1 + 1", "complete"),
            List.of(")", "invalid"))) {
      var asked = new JsonObject();
      asked.addProperty("code", each.get(0));
      JsonObject reply = kernel.request(kernel.shell, "is_complete_request", asked);
      assertEquals(each.get(1), reply.get("status").getAsString(), each.get(0));
    }
  }

  @Test
  void magicsBringJars() {
    Outcome maven =
        kernel.run(
            "%maven org.apache.commons:commons-csv:1.14.1\nimport org.apache.commons.csv.CSVFormat;\nCSVFormat.DEFAULT.getDelimiterString()");
    assertEquals(",", maven.text(), maven::error);
    Outcome pom =
        kernel.run(
            "%%loadFromPOM\n<dependency><groupId>com.googlecode.json-simple</groupId><artifactId>json-simple</artifactId><version>1.1.1</version></dependency>");
    assertEquals("ok", pom.status(), pom::error);
    assertEquals("{}", kernel.run("new org.json.simple.JSONObject().toString()").text());
    contains(kernel.run("%maven nobody.has:this:1").error(), "nobody.has:this");
    contains(kernel.run("%maven nonsense").error(), "group:artifact:version");
  }

  @Test
  void magicsBringFiles(@TempDir Path folder) throws IOException {
    Path jar = Path.of("target", "lib").toAbsolutePath();
    contains(kernel.run("%jars " + jar + "/commons-math3-*.jar").text(), "commons-math3");
    contains(kernel.run("%classpath " + folder).text(), folder.getFileName().toString());
    contains(kernel.run("%jars /no/such/*.jar").error(), "nothing matches");
    Path file = Files.writeString(folder.resolve("helpers.jshell"), "int helped() { return 9; }");
    kernel.run("%load " + file);
    assertEquals("9", kernel.run("helped()").text());
  }

  @Test
  void anUnknownMagicGetsASuggestion() {
    contains(kernel.run("%mavn a:b:c").error(), "did you mean %maven?");
    assertEquals("ok", kernel.run("String s = \"\"\"\n  %no magic here\n  \"\"\";").status());
  }

  @Test
  void aCellMayAskForInput() {
    String id = kernel.start("new Scanner(System.in).nextLine().toUpperCase()");
    var question = kernel.next(kernel.input);
    assertEquals("input_request", question.type());
    var answer = new JsonObject();
    answer.addProperty("value", "hello");
    kernel.send(kernel.input, "input_reply", answer);
    assertEquals("HELLO", kernel.outcome(id).text());
  }

  @Test
  void threadsOfACellDoNotHoldItUp() {
    long start = System.nanoTime();
    kernel.run(
        "var sleeper = new Thread(() -> { try { Thread.sleep(20_000); } catch (InterruptedException e) {} });\nsleeper.setDaemon(true);\nsleeper.start();");
    assertTrue(System.nanoTime() - start < 10e9);
  }

  @Test
  void anErrorInShowingAValueHasItsLine() {
    kernel.run(
        "class Bad {\n  public String toString() {\n    throw new RuntimeException(\"bang\");\n  }\n}");
    Outcome outcome = kernel.run("int before = 1;\nnew Bad()");
    assertEquals("java.lang.RuntimeException", outcome.errorName());
    contains(
        outcome.error(),
        "RuntimeException: bang",
        "line 3, in toString():  throw new RuntimeException",
        "in showing cell ",
        "line 2:  new Bad()");
    kernel.run(
        "weft.report.Tabular lazy = () -> { throw new IllegalStateException(\"no table\"); };");
    contains(kernel.run("lazy").error(), "no table", "line 1:  weft.report.Tabular lazy");
    kernel.run("class Leaver { public String toString() { System.exit(4); return \"\"; } }");
    assertEquals("Exit", kernel.run("new Leaver()").errorName());
    assertEquals("2", kernel.run("1 + 1").text());
  }

  @Test
  void whatEndsAThreadOfACellIsTold() {
    Outcome outcome =
        kernel.run(
            "int unused = 0;\nvar t1 = new Thread(() -> {\n  throw new RuntimeException(\"child boom\"); });\nt1.start(); t1.join(); \"after\"");
    assertEquals("after", outcome.text());
    contains(
        outcome.err(),
        "Exception in thread \"Thread-",
        "java.lang.RuntimeException: child boom",
        "line 3:  throw new RuntimeException(\"child boom\"); });");
    Outcome within =
        kernel.run(
            "int several() throws Exception {\n  var t = new Thread(() -> System.exit(2));\n  t.start();\n  t.join();\n  return 3;\n}\nseveral()");
    assertEquals("3", within.text());
    contains(within.err(), "Exit: exit(2) ended", "line 2:  var t = new Thread");
    Outcome running =
        kernel.run(
            "{\n  var t = new Thread(() -> {\n    throw new Error(\"e\");\n  });\n  t.start();\n  t.join();\n}");
    contains(running.err(), "java.lang.Error: e", "line 3:  throw new Error");
  }

  @Test
  void aReadersOwnCancellationIsNoInterrupt() {
    contains(
        kernel.run("throw new CancellationException(\"mine\");").errorName(),
        "CancellationException");
    contains(
        kernel
            .run("var cf = new CompletableFuture<Integer>();\ncf.cancel(true);\ncf.join()")
            .error(),
        "java.util.concurrent.CancellationException",
        "line 2:  cf.cancel(true);");
  }

  @Test
  void anErrorOfAWorkerShowsWhoCalled() {
    String error =
        kernel
            .run(
                "List<Callable<Integer>> work = List.of(() -> Integer.parseInt(\"x\"));\n\nweft.sim.Parallel.run(work)")
            .error();
    contains(error, "NumberFormatException: For input string: \"x\"");
    contains(
        error, "line 1:  List<Callable<Integer>> work", "line 3:  weft.sim.Parallel.run(work)");
  }

  @Test
  void evaluatedCodeFailsAsACellDoes() {
    Outcome bad = kernel.run("eval(\"int bad = ;\")");
    assertEquals("CompileError", bad.errorName());
    contains(bad.error(), "int bad = ;", "^", "illegal start of expression");
    Outcome thrown = kernel.run("eval(\"throw new Exception(\\\"z\\\");\")");
    assertEquals("java.lang.Exception", thrown.errorName());
    contains(thrown.error(), "java.lang.Exception: z", "throw new Exception(\"z\");");
  }

  @Test
  void filesNeedNoImport() {
    assertEquals("true", kernel.run("Files.exists(Path.of(\"\").toAbsolutePath())").text());
  }

  @Test
  void magicsAndWideCharactersDoNotShiftCompletion() {
    var asked = new JsonObject();
    asked.addProperty("code", "%maven a:b:c\nMath.flo");
    asked.addProperty("cursor_pos", 21);
    JsonObject after = kernel.request(kernel.shell, "complete_request", asked);
    contains(after.get("matches").toString(), "floor(");
    assertEquals(18, after.get("cursor_start").getAsInt());
    asked.addProperty("code", "var face = \"\uD83D\uDE00\"; Math.flo");
    asked.addProperty("cursor_pos", 24);
    JsonObject wide = kernel.request(kernel.shell, "complete_request", asked);
    contains(wide.get("matches").toString(), "floor(");
    assertEquals(21, wide.get("cursor_start").getAsInt());
    assertEquals(24, wide.get("cursor_end").getAsInt());
  }

  @Test
  void aTableWithoutANameIsShown() {
    Outcome outcome = kernel.run("Table.create(DoubleColumn.create(\"x\", 1, 2))");
    contains(outcome.text(), "x");
    assertFalse(outcome.result("text/html").contains("<caption"));
  }
}
