package weft.notebook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stop button ends a cell for good: an error, no thread left burning, the next cell runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InterruptIT {
  private JupyterClient kernel;

  @BeforeAll
  void start() {
    kernel = new JupyterClient();
  }

  @AfterAll
  void end() {
    kernel.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "while (true) {}",
        "Thread.sleep(1_000_000)",
        "while (true) { try { Thread.sleep(50); } catch (Exception e) { } }",
        "for (int i = 0; ; i++) { weft.sim.Interruption.check(\"step \" + i); }",
        "while (true) System.out.println(1);",
        "class Endless { public String toString() { while (true) {} } }\nnew Endless()",
        "weft.report.Tabular never = () -> { while (true) {} };\nnever",
        "new Scanner(System.in).nextLine()"
      })
  void theCellEndsAndNothingBurns(String code) throws InterruptedException {
    String id = kernel.start(code);
    Thread.sleep(700);
    kernel.interrupt();
    Outcome outcome = kernel.outcome(id);
    assertEquals("error", outcome.status());
    assertEquals("Interrupted", outcome.errorName());
    assertEquals("2", kernel.run("1 + 1").text());
    assertIdle();
  }

  /** Waits until the process uses next to no processor time, which the JIT compiler may delay. */
  private void assertIdle() throws InterruptedException {
    for (int tries = 0; tries < 20; tries++) {
      Duration before = cpu();
      Thread.sleep(500);
      if (cpu().minus(before).toMillis() <= 25) {
        return;
      }
    }
    throw new AssertionError("the kernel goes on working after the interrupt");
  }

  private Duration cpu() {
    return kernel.process().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  @Test
  void theSignalInterruptsToo() throws IOException, InterruptedException {
    String id = kernel.start("while (true) {}");
    Thread.sleep(500);
    new ProcessBuilder("kill", "-INT", String.valueOf(kernel.process().pid())).start().waitFor();
    assertEquals("Interrupted", kernel.outcome(id).errorName());
    assertEquals("2", kernel.run("1 + 1").text());
  }

  @Test
  void anInterruptWhenNothingRunsDoesNothing() {
    kernel.interrupt();
    assertEquals("2", kernel.run("1 + 1").text());
    assertTrue(kernel.process().isAlive());
  }

  @Test
  void whatWasBrokenOffIsNamed() throws InterruptedException {
    String id =
        kernel.start(
            "weft.sim.Parallel.run(List.<Callable<Integer>>of(() -> { Thread.sleep(100_000); return 1; }))");
    Thread.sleep(2_000);
    kernel.interrupt();
    contains(kernel.outcome(id).error(), "Interrupted: during runs on several cores");
  }

  @Test
  void aCellThatDoesNotStopIsNamed() throws InterruptedException {
    try (var own = new JupyterClient()) {
      own.run("1 + 1");
      String id =
          own.start(
              "int x = 1;\nwhile (true) {\n  try { Thread.sleep(50); } catch (Throwable deaf) { }\n}");
      Thread.sleep(700);
      own.interrupt();
      Outcome outcome = own.outcome(id);
      assertEquals("Interrupted", outcome.errorName());
      assertEquals("2", own.run("1 + 1").text());
      if (Runtime.version().feature() < 22) { // newer JDKs end such a loop when it turns
        contains(outcome.err(), "cell 2, line 3 goes on after every interrupt");
      }
    }
  }

  private static void contains(String text, String part) {
    assertTrue(text.contains(part), () -> "\"" + part + "\" is missing in:\n" + text);
  }
}
