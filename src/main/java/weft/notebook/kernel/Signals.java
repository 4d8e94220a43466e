package weft.notebook.kernel;

import java.lang.reflect.Proxy;

/** What the process hears from outside the connection. */
final class Signals {
  private Signals() {}

  /**
   * Runs an action on SIGINT, which would end the process. {@code sun.misc.Signal} has no
   * replacement and warns when named in source, so it is found by name.
   */
  static void onInterrupt(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                }
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), proxy);
    } catch (ReflectiveOperationException | IllegalArgumentException unsupported) {
      // interrupts then come by message alone, as the kernelspec asks
    }
  }

  /** Runs an action when the notebook server that started this process is gone. */
  static void onEndOfParent(Runnable action) {
    String parent = System.getenv("JPY_PARENT_PID");
    if (parent != null && parent.matches("\\d+")) {
      ProcessHandle.of(Long.parseLong(parent))
          .map(ProcessHandle::onExit)
          .ifPresent(
              end -> {
                var unused = end.thenRun(action);
              });
    }
  }
}
