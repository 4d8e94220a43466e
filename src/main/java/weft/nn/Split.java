package weft.nn;

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
          "train and test rows need the same features and classes, but %s has %d and %d, %s %d and %d"
              .formatted(
                  train.name(),
                  train.features(),
                  train.classes(),
                  test.name(),
                  test.features(),
                  test.classes()));
    }
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
