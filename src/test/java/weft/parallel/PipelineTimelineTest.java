package weft.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Schedules carried out pass by pass come to the formulas. */
class PipelineTimelineTest {
  private static final List<PipelineSchedule> ALL =
      List.of(
          PipelineSchedule.gPipe(),
          PipelineSchedule.oneForwardOneBackward(),
          PipelineSchedule.interleaved(2),
          PipelineSchedule.interleaved(3));

  /** Narayanan et al., SC21, section 2.2: (p-1)/(v m). */
  @Test
  void theTimelinesBubbleIsTheFormulas() {
    for (PipelineSchedule schedule : ALL) {
      for (int stages : new int[] {1, 2, 4, 7}) {
        for (int rounds = 1; rounds <= 3; rounds++) {
          int m = rounds * stages;
          var timeline = schedule.timeline(stages, m);
          assertEquals(schedule.bubble(stages, m), timeline.bubble(), 1e-9, timeline.toString());
        }
      }
    }
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
        assertEquals(2 * schedule.chunks() * 8, distinct.size());
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
  }

  @Test
  void tooManyPassesForATimelineAreRefused() {
    var schedule = PipelineSchedule.oneForwardOneBackward();
    var error = assertThrows(IllegalArgumentException.class, () -> schedule.timeline(64, 1000));
    assertTrue(error.getMessage().endsWith("bubble() holds for any"), error.getMessage());
  }
}
