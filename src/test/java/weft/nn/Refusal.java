package weft.nn;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;

/** What a reader is told when something cannot be done. */
final class Refusal {
  private Refusal() {}

  /** The message of the exception, of this type, that the call must throw. */
  static String of(Class<? extends RuntimeException> type, Executable call) {
    return String.valueOf(assertThrows(type, call).getMessage());
  }

  /** The message of the {@link IllegalArgumentException} that the call must throw. */
  static String of(Executable call) {
    return of(IllegalArgumentException.class, call);
  }
}
