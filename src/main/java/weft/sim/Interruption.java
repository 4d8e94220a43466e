package weft.sim;

import java.util.concurrent.CancellationException;

/** How a long loop hears that its reader pressed stop. */
public final class Interruption {
  private Interruption() {}

  /**
   * To be called now and then from every loop that may run for more than a moment.
   *
   * @param what what was going on, for the message: {@code "training, step 12 of 160"}
   * @throws CancellationException if the thread was interrupted; the interrupt flag is cleared
   */
  public static void check(String what) {
    if (Thread.interrupted()) {
      throw new CancellationException("interrupted: " + what);
    }
  }
}
