package weft.notebook.course;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The exercises that {@code check} knows. */
public final class Exercises {
  private final Map<String, Exercise> byId = new ConcurrentHashMap<>();

  /** The course's exercises, to which a teacher may add from a cell. */
  public static final Exercises STANDARD =
      new Exercises()
          .addAll(NeuronExercises.all())
          .addAll(WireExercises.all())
          .addAll(TrainingExercises.all())
          .addAll(DataParallelExercises.all())
          .addAll(PlanExercises.all())
          .addAll(CollectiveExercises.all())
          .addAll(PacketExercises.all())
          .addAll(LosslessExercises.all())
          .addAll(CongestionExercises.all())
          .addAll(BalancingExercises.all());

  /** Adds an exercise; one of the same name is replaced. */
  public Exercises add(Exercise exercise) {
    byId.put(exercise.id(), exercise);
    return this;
  }

  /** Adds the exercises of a notebook. */
  public Exercises addAll(List<Exercise> exercises) {
    exercises.forEach(this::add);
    return this;
  }

  /** Judges an answer; an unknown exercise is no verdict but a mistyped name. */
  public Verdict check(String id, Object answer) {
    Exercise exercise = byId.get(id);
    if (exercise == null) {
      List<String> near = Nearest.among(id, byId.keySet(), 3);
      throw new IllegalArgumentException(
          "there is no exercise \""
              + id
              + "\""
              + (near.isEmpty() ? "" : ": did you mean " + String.join(", ", near) + "?"));
    }
    return exercise.judge(answer);
  }
}
