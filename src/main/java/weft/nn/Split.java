package weft.nn;

import weft.report.Digits;
import weft.units.Check;

/**
 * Rows to learn from, and rows to judge by that were never learned.
 *
 * @param train rows to learn from
 * @param test rows to judge by, with the same features and classes
 */
public record Split(Dataset train, Dataset test) {
  /** Checks that both halves have the same features and classes. */
  public Split {
    Check.notNull("rows to train on", train, "write for example data.holdOutEvery(5)");
    Check.notNull("rows to test on", test, "write for example data.holdOutEvery(5)");
    if (!train.featureNames().equals(test.featureNames())
        || !train.classNames().equals(test.classNames())
        || !train.targetNames().equals(test.targetNames())) {
      throw new IllegalArgumentException(
          "train and test rows need the same features and classes or numbers to predict, but %s has %s, %s has %s: cut one data set by holdOut(0.2, 1)"
              .formatted(train.name(), columns(train), test.name(), columns(test)));
    }
  }

  private static String columns(Dataset data) {
    return "%s and %s"
        .formatted(
            Digits.counted(data.features(), "feature"),
            data.hasClasses()
                ? Digits.counted(data.classes(), "class")
                : Digits.counted(data.targetNames().size(), "number") + " to predict");
  }

  /** Both halves standardised by the means and deviations of the rows to learn from. */
  public Split standardized() {
    var scaling = Scaling.of(train);
    return new Split(scaling.apply(train), scaling.apply(test));
  }

  /** Both halves in a line each. */
  @Override
  public String toString() {
    return train + "\n" + test;
  }
}
