package weft.notebook.display;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import weft.report.Notebooks;

/** Shows Weft's results in a notebook with the IJava kernel, which has no hook for libraries. */
public final class IJavaNotebook implements Notebooks.Joining {
  private static final String IJAVA = "io.github.spencerpark.ijava.IJava";

  @Override
  public void join() {
    try {
      Object kernel = Class.forName(IJAVA).getMethod("getKernelInstance").invoke(null);
      if (kernel == null) {
        return;
      }
      Object renderer = kernel.getClass().getMethod("getRenderer").invoke(kernel);
      if (renderer instanceof Renderer known) {
        KernelRenderers.register(known);
      }
    } catch (ReflectiveOperationException noIJava) {
      // another kernel, or a program
    }
  }
}
