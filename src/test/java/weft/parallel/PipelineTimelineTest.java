package weft.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weft.llm.Transformer;

/** Schedules carried out pass by pass come to the formulas. */
class PipelineTimelineTest {
  private static final List<PipelineSchedule> ALL =
      List.of(
          PipelineSchedule.gPipe(),
          PipelineSchedule.oneForwardOneBackward(),
          PipelineSchedule.interleaved(2),
          PipelineSchedule.interleaved(3),
          PipelineSchedule.zeroBubbleH1(),
          PipelineSchedule.zeroBubbleH2());

  private static final PipelineSchedule H1 = PipelineSchedule.zeroBubbleH1();
  private static final PipelineSchedule H2 = PipelineSchedule.zeroBubbleH2();

  /** Narayanan et al., SC21, section 2.2: (p-1)/(v m). */
  @Test
  void theTimelinesBubbleIsTheFormulas() {
    for (PipelineSchedule schedule : ALL) {
      for (int stages : new int[] {1, 2, 4, 7}) {
        for (int rounds = schedule == H2 ? 2 : 1; rounds <= 4; rounds++) {
          int m = rounds * stages;
          var timeline = schedule.timeline(stages, m);
          assertEquals(schedule.bubble(stages, m), timeline.bubble(), 1e-9, timeline.toString());
        }
      }
    }
  }

  /** Qi et al., ICLR 2024, section 2: a third of 1F1B's bubble, and none. */
  @Test
  void splitBackwardPassesLeaveAThirdOfTheBubbleOrNone() {
    double bubble = PipelineSchedule.oneForwardOneBackward().bubble(4, 8);
    assertEquals(bubble / 3, H1.timeline(4, 8).bubble(), 1e-12);
    assertEquals(0, H2.timeline(4, 8).bubble(), 1e-12);
    assertEquals(24 + 3, H1.timeline(4, 8).total(), 1e-12);
    assertEquals(24 + 3, H2.timeline(4, 8).total(), 1e-12);
  }

  /** Table 2: (p-1)(F+B-W) and (p-1)(F+B-2W), for W no longer than F. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void bubblesOfUnequalPassesAreThoseOfTheFormulas(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      var times = new PassTimes(0.2 + 2 * random.nextDouble(), 0.1 + 1.6 * random.nextDouble());
      int p = 1 + random.nextInt(8);
      int m = 2 * p - 1 + random.nextInt(3 * p);
      for (PipelineSchedule schedule : ALL) {
        if (schedule.problem(p, m).isEmpty()) {
          String text = schedule.timeline(p, m) + ", " + times + ", seed " + seed;
          assertEquals(
              schedule.bubble(p, m, times), schedule.timeline(p, m, times).bubble(), 1e-9, text);
        }
      }
      double w = Math.min(1, times.weightGradient());
      double wait = Math.max(0, 1 + times.inputGradient() - 2 * w);
      assertEquals((p - 1) * wait, H2.bubble(p, m, times) * m * times.all(), 1e-9);
    }
  }

  /** Table 1: F 24h+4s, B 24h+8s, W 24h for each of s b h. */
  @Test
  void gptsGradientsOfInputsTakeLongerThanThoseOfWeights() {
    var times = PassTimes.of(Transformer.GPT3_175B);
    double h = 12_288;
    double s = 2048;
    assertEquals((24 * h + 8 * s) / (24 * h + 4 * s), times.inputGradient(), 1e-12);
    assertEquals(24 * h / (24 * h + 4 * s), times.weightGradient(), 1e-12);
  }

  @Test
  void aPassTakesTime() {
    var error = assertThrows(IllegalArgumentException.class, () -> new PassTimes(1, 0));
    assertEquals(
        "a pass for gradients of weights takes some time, but 0.0 forward passes were given: write for example new PassTimes(1.1, 0.9)",
        error.getMessage());
  }

  /** min(m, p - i) micro-batches by 1F1B; p + (p-1)/v stages' worth interleaved. */
  @Test
  void stagesKeepAsManyMicroBatchesAsTheFormulasSay() {
    for (PipelineSchedule schedule : ALL) {
      var timeline = schedule.timeline(4, 12);
      for (int stage = 0; stage < 4; stage++) {
        double held = schedule.held(stage, 4, 12);
        assertEquals(held, timeline.held(stage), 1e-12, schedule + ", stage " + stage);
      }
    }
  }

  @Test
  void noStageDoesTwoThingsAtOnceOrOneTwice() {
    for (PipelineSchedule schedule : ALL) {
      var timeline = schedule.timeline(4, 8);
      for (int stage = 0; stage < 4; stage++) {
        double free = 0;
        for (PipelinePass pass : timeline.passes(stage)) {
          assertTrue(timeline.start(stage, pass) >= free - 1e-12, pass.toString());
          free = timeline.end(stage, pass);
        }
        var distinct = new HashSet<>(timeline.passes(stage));
        int kinds = schedule == H1 || schedule == H2 ? 3 : 2;
        assertEquals(kinds * schedule.chunks() * 8, distinct.size());
        assertEquals(distinct.size(), timeline.passes(stage).size());
      }
    }
  }

  @Test
  void aPictureSaysWhatItShows() {
    var picture = PipelineSchedule.oneForwardOneBackward().picture(4, 8);
    assertEquals(
        "1F1B, 4 stages, 8 micro-batches: each stage waits 37.5 % of the time that it works",
        picture.alt());
    assertEquals(
        "ZB-H2, 4 stages, 8 micro-batches: no stage waits between its first pass and its last",
        H2.picture(4, 8).alt());
  }

  @Test
  void tooManyPassesForATimelineAreRefused() {
    var schedule = PipelineSchedule.oneForwardOneBackward();
    var error = assertThrows(IllegalArgumentException.class, () -> schedule.timeline(64, 1000));
    assertTrue(error.getMessage().endsWith("bubble() holds for any"), error.getMessage());
  }
}
