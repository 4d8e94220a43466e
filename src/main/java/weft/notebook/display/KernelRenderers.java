package weft.notebook.display;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.List;

/** Weft's forms for the renderer of basekernel, which Weft's kernel and IJava share. */
public final class KernelRenderers {
  private KernelRenderers() {}

  /** Makes the renderer show tables, charts, pictures and results. */
  public static void register(Renderer renderer) {
    Showing.FORMS.forEach((type, forms) -> register(renderer, type, forms));
  }

  private static <T> void register(Renderer renderer, Class<T> type, List<String> forms) {
    renderer
        .createRegistration(type)
        .preferring(forms.toArray(String[]::new))
        .register(KernelRenderers::render);
  }

  private static void render(Object value, RenderContext context) {
    Shown shown = Showing.of(value);
    if (shown != null) {
      shown
          .data()
          .keySet()
          .forEach(
              type ->
                  context.renderIfRequested(
                      MIMEType.parse(type), (wanted, output) -> put(output, type, shown)));
    }
  }

  private static void put(DisplayData output, String type, Shown shown) {
    output.putData(type, shown.data().get(type));
    var metadata = shown.metadata().get(type);
    if (metadata != null) {
      output.putMetaData(type, metadata);
    }
  }
}
