package weft.report;

import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Joins the notebook this code runs in, if any, so that tables, charts and pictures show there
 * without a call. Some kernels offer no hook for libraries; the first table made is the chance.
 */
public final class Notebooks {
  /** Tells one kind of notebook how to show what Weft makes; found as a service. */
  public interface Joining {
    /** Registers with the notebook; does nothing when this is another one, or none. */
    void join();
  }

  private static final boolean JOINED = joinAll();

  private Notebooks() {}

  /** Joins on the first call; later calls do nothing. */
  public static boolean join() {
    return JOINED;
  }

  private static boolean joinAll() {
    try {
      ServiceLoader.load(Joining.class, Notebooks.class.getClassLoader()).forEach(Joining::join);
      return true;
    } catch (ServiceConfigurationError | LinkageError foreign) {
      return false; // results are shown as text then
    }
  }
}
