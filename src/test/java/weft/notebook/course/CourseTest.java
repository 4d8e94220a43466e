package weft.notebook.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.us;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the course asks of a reader. */
final class CourseTest {
  @Test
  void theGlossaryDefinesAndSuggests() {
    assertTrue(Glossary.standard().define("pfc").startsWith("PFC: Priority flow control"));
    assertTrue(Glossary.standard().define("momentun").contains("it has momentum"));
    assertTrue(Glossary.standard().table().rowCount() >= 40);
  }

  @Test
  void aGuessStandsBesideTheTruth() {
    var predictions = new Predictions();
    predictions.keep("time", 10);
    assertEquals("25 % too high", predictions.compare("time", 8, "us").getString(0, 3));
    assertEquals("5 times too low", predictions.compare("time", 50, "us").getString(0, 3));
    assertEquals("66 times too low", predictions.compare("time", 661.7, "us").getString(0, 3));
    assertEquals("exactly right", predictions.compare("time", 10, "us").getString(0, 3));
    assertEquals("none yet", predictions.compare("other", 1, "").getString(0, 1));
  }

  @Test
  void guessedPercentagesAreJudgedInPointsNotInPercentOfPercent() {
    var predictions = new Predictions();
    predictions.keep("accuracy", 50);
    assertEquals("46 points too low", predictions.compare("accuracy", 95.95, "%").getString(0, 3));
    assertEquals("50 points too high", predictions.compare("accuracy", 0, "%").getString(0, 3));
    assertEquals("1 point too low", predictions.compare("accuracy", 51.04, "%").getString(0, 3));
    assertEquals("5 times too high", predictions.compare("accuracy", 10, "%").getString(0, 3));
  }

  /** The registry keeps the last of a name, so that another notebook's would be judged by it. */
  @Test
  void noTwoNotebooksHaveAnExerciseOfTheSameName() {
    var names =
        Stream.of(
                NeuronExercises.all(),
                WireExercises.all(),
                TrainingExercises.all(),
                DataParallelExercises.all(),
                PlanExercises.all(),
                CollectiveExercises.all(),
                PacketExercises.all(),
                LosslessExercises.all(),
                CongestionExercises.all(),
                BalancingExercises.all())
            .flatMap(List::stream)
            .map(Exercise::id)
            .toList();
    assertEquals(names.stream().distinct().toList(), names);
  }

  @Test
  void anAnswerIsJudgedByAHintAndNeverTold() {
    var exercise =
        Exercise.number("ring.time", () -> 80e-6, 0.01)
            .mistake(() -> 10e-6, "a byte has eight bits")
            .otherwise("size over rate");
    var exercises = new Exercises().add(exercise);
    assertTrue(exercises.check("ring.time", us(80)).isRight());
    assertTrue(exercises.check("ring.time", 80.2e-6).isRight());
    assertEquals(
        "ring.time: not yet. Hint: a byte has eight bits",
        exercises.check("ring.time", us(10)).toString());
    Verdict other = exercises.check("ring.time", "no number");
    assertFalse(other.isRight() || other.toString().contains("80"));
    assertTrue(Exercise.word("w", "ECN").judge(" ecn ").isRight());
    var unknown =
        assertThrows(IllegalArgumentException.class, () -> exercises.check("ring.tme", 1));
    assertTrue(String.valueOf(unknown.getMessage()).contains("did you mean ring.time"));
  }
}
