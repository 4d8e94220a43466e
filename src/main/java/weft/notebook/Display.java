package weft.notebook;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import weft.notebook.kernel.WeftKernel;

/**
 * The functions that every cell of Weft's kernel has, under the names that IJava gave them.
 *
 * <p>Outside the kernel, in {@code jshell} or a program, each throws {@link IllegalStateException}.
 */
public final class Display {
  private Display() {}

  /**
   * Shows a value in the cell's output now, while the cell goes on.
   *
   * @param as MIME types to show it as; none for the value's own choice
   * @return an id for {@link #updateDisplay}
   */
  public static String display(@Nullable Object value, String... as) {
    DisplayData data = render(value, as);
    String id = data.getDisplayId();
    if (id == null) {
      id = UUID.randomUUID().toString();
      data.setDisplayId(id);
    }
    getKernelInstance().display(data);
    return id;
  }

  /** Replaces what {@link #display} showed under an id, wherever it stands. */
  public static void updateDisplay(String id, @Nullable Object value, String... as) {
    getKernelInstance().updateDisplay(id, render(value, as));
  }

  /** A value as a front end shows it, for a cell to return or to display. */
  public static DisplayData render(@Nullable Object value, String... as) {
    if (value instanceof DisplayData data && as.length == 0) {
      return data;
    }
    var renderer = getKernelInstance().getRenderer();
    Object shown = value == null ? "null" : value;
    return as.length == 0 ? renderer.render(shown) : renderer.renderAs(shown, as);
  }

  /** Evaluates code as if it stood in the cell and returns the value of its last expression. */
  public static @Nullable Object eval(String code) throws Exception {
    return getKernelInstance().evalRaw(code);
  }

  /** The kernel: its renderer, its streams, its class path. */
  public static WeftKernel getKernelInstance() {
    WeftKernel kernel = WeftKernel.instance();
    if (kernel == null) {
      throw new IllegalStateException(
          "this works in a notebook with Weft's kernel only; show(x) works everywhere");
    }
    return kernel;
  }
}
