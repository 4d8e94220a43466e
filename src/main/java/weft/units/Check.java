package weft.units;

import org.jspecify.annotations.Nullable;

/** The checks that every call makes of what it is given: each refusal is one sentence. */
public final class Check {
  private Check() {}

  /**
   * The value itself.
   *
   * @param name what the reader calls it
   * @param remedy what to write instead
   * @throws IllegalArgumentException if it is null
   */
  public static <T> T notNull(String name, @Nullable T value, String remedy) {
    if (value == null) {
      throw new IllegalArgumentException(
          "%s must be given, but was null: %s".formatted(name, remedy));
    }
    return value;
  }

  /**
   * The values themselves, none of them null.
   *
   * @throws IllegalArgumentException if the array or one of its elements is null
   */
  public static <T> T[] noneNull(String name, T @Nullable [] values, String remedy) {
    T[] given = notNull(name, values, remedy);
    for (T value : given) {
      notNull("each of " + name, value, remedy);
    }
    return given;
  }

  /**
   * The values themselves, at least one and none of them null.
   *
   * @param name what needs them: {@code an overlay}
   * @param kind what they are, one and several: {@code history}, {@code histories}
   * @throws IllegalArgumentException if there is none, or one is null
   */
  public static <T> T[] someNoneNull(
      String name, String kind, String kinds, T @Nullable [] values, String remedy) {
    T[] given = noneNull(kinds, values, remedy);
    if (given.length == 0) {
      throw new IllegalArgumentException(
          "%s needs at least one %s, but was given none: %s".formatted(name, kind, remedy));
    }
    return given;
  }

  /**
   * The value itself.
   *
   * @throws IllegalArgumentException if it is below {@code least}
   */
  public static int atLeast(int least, String name, int value, String remedy) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d, but was %d: %s".formatted(name, least, value, remedy));
    }
    return value;
  }

  /**
   * The index itself.
   *
   * @param name what is counted
   * @param size how many there are, from 0
   * @throws IllegalArgumentException if there is none of this index
   */
  public static int index(String name, int index, int size) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException(
          "%s %d does not exist: %s"
              .formatted(
                  name, index, size == 0 ? "there is none" : "give one from 0 to " + (size - 1)));
    }
    return index;
  }
}
