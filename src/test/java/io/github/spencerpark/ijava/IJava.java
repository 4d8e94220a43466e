package io.github.spencerpark.ijava;

import io.github.spencerpark.jupyter.kernel.display.Renderer;

/** What {@code io.github.spencerpark.ijava.IJava} offers a library. */
public final class IJava {
  private static final JavaKernel KERNEL = new JavaKernel();

  private IJava() {}

  /** The running kernel. */
  public static JavaKernel getKernelInstance() {
    return KERNEL;
  }

  /** The kernel, as far as rendering goes. */
  public static final class JavaKernel {
    private final Renderer renderer = new Renderer();

    /** What shows results. */
    public Renderer getRenderer() {
      return renderer;
    }
  }
}
