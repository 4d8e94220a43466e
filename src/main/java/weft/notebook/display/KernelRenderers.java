package weft.notebook.display;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;

/** Weft's forms for the renderer of basekernel, which Weft's kernel and IJava share. */
public final class KernelRenderers {
  private KernelRenderers() {}

  /** Makes the renderer show tables, charts, pictures and results. */
  public static void register(Renderer renderer) {
    register(renderer, Showing.TYPES.get(0), Shown.HTML, Shown.TEXT);
    register(renderer, Showing.TYPES.get(1), Shown.PNG, Shown.TEXT);
    register(renderer, Showing.TYPES.get(2), Shown.SVG, Shown.TEXT);
    register(renderer, Showing.TYPES.get(3), Shown.HTML, Shown.TEXT);
    register(renderer, Showing.TYPES.get(4), Shown.HTML, Shown.TEXT);
    register(renderer, Showing.TYPES.get(5), Shown.PNG, Shown.TEXT);
  }

  private static <T> void register(Renderer renderer, Class<T> type, String... forms) {
    renderer
        .<T>createRegistration(type)
        .preferring(forms)
        .register((value, context) -> render(value, context));
  }

  private static void render(Object value, RenderContext context) {
    Shown shown = Showing.of(value);
    if (shown == null) {
      return;
    }
    shown
        .data()
        .forEach(
            (type, content) ->
                context.renderIfRequested(
                    MIMEType.parse(type), (wanted, output) -> put(output, type, content, shown)));
  }

  private static void put(DisplayData output, String type, String content, Shown shown) {
    output.putData(type, content);
    var metadata = shown.metadata().get(type);
    if (metadata != null) {
      output.putMetaData(type, metadata);
    }
  }
}
