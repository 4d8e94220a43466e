package weft.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When and what a long run tells of itself, by a clock that the test moves. */
class ProgressTest {
  private static final long MS = 1_000_000;

  private long now;
  private final List<String> told = new ArrayList<>();

  private Progress progress(long done, long total) {
    Progress.Screen nowhere = () -> null;
    Progress.Screen here =
        () ->
            new Progress.View() {
              @Override
              public void show(Progress.Stage stage) {
                told.add(stage.title() + ": " + stage.line());
              }

              @Override
              public void clear() {
                told.add("");
              }
            };
    return new Progress("Run", done, total, List.of(nowhere, here), () -> now);
  }

  private void run(Progress progress, int steps, long stepNanos) {
    try (progress) {
      for (int step = 1; step <= steps; step++) {
        now += stepNanos;
        if (progress.isDue()) {
          progress.report(step, "step " + step);
        }
      }
    }
  }

  @Test
  void aShortRunTellsNothing() {
    run(progress(0, 90), 90, 10 * MS);
    assertEquals(List.of(), told);
  }

  @Test
  void aLongRunTellsAtMostTwiceASecondAndIsTakenAway() {
    run(progress(0, 50), 50, 100 * MS);
    assertEquals("Run: step 10, 4 s left", told.get(0));
    assertEquals("Run: step 16, 3 s left", told.get(1));
    assertEquals("", told.get(told.size() - 1));
    assertEquals(8, told.size());
  }

  @Test
  void shortStepsSeldomLookAtTheClock() {
    long[] looks = {0};
    var progress =
        new Progress(
            "Run",
            0,
            1_000_000,
            List.of(),
            () -> {
              looks[0]++;
              return now;
            });
    for (int step = 0; step < 1_000_000; step++) {
      now += 4_000;
      boolean unused = progress.isDue();
    }
    assertTrue(looks[0] < 500, looks[0] + " looks in 4 s");
  }

  @Test
  void theLastWordsStay() {
    try (var progress = progress(20, 40)) {
      now += 2_000 * MS;
      progress.report(30, "half");
      progress.leave("interrupted");
    }
    assertEquals(List.of("Run: half, 2 s left", "Run: interrupted"), told);
  }

  @Test
  void wordsOfARunThatToldNothingStayUnsaid() {
    try (var progress = progress(0, 1)) {
      progress.leave("interrupted");
    }
    assertEquals(List.of(), told);
  }

  @Test
  void ofManyPointsEvenlySpacedOnesStay() {
    var curves = new ArrayList<double[]>();
    Progress.Screen here =
        () ->
            new Progress.View() {
              @Override
              public void show(Progress.Stage stage) {
                curves.add(stage.x());
              }

              @Override
              public void clear() {}
            };
    try (var progress = new Progress("Run", 0, 1, List.of(here), () -> now)) {
      for (int i = 0; i < 5000; i++) {
        progress.point(i, i);
      }
      progress.report(1, "", "x", "y");
    }
    double[] x = curves.get(0);
    assertTrue(x.length <= 400 && x.length > 200);
    for (int i = 0; i < x.length; i++) {
      assertEquals(i * x[1], x[i]);
    }
  }

  @Test
  void aTerminalsLineIsRewritten() {
    var bytes = new ByteArrayOutputStream();
    var view = new TerminalProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    view.show(new Progress.Stage("Run", "long line", new double[0], new double[0], "", ""));
    view.show(new Progress.Stage("Run", "short", new double[0], new double[0], "", ""));
    view.clear();
    assertEquals(
        "\rRun: long line\rRun: short    \r          \r", bytes.toString(StandardCharsets.UTF_8));
  }

  @Test
  void timeIsToldInTheUnitThatMatters() {
    assertEquals("8 s", Progress.duration(8.4));
    assertEquals("3 min 20 s", Progress.duration(200));
    assertEquals("2 h 5 min", Progress.duration(7500));
  }
}
