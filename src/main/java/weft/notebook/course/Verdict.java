package weft.notebook.course;

/**
 * What an exercise says to an answer.
 *
 * @param exercise its name
 * @param isRight whether the answer is right
 * @param hint what to look at, if it is not
 */
public record Verdict(String exercise, boolean isRight, String hint) {
  @Override
  public String toString() {
    return exercise + (isRight ? ": right" : ": not yet. Hint: " + hint);
  }
}
