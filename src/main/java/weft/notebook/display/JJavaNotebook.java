package weft.notebook.display;

import java.util.List;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.RenderContext;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;

/** Shows Weft's results in a notebook with the JJava kernel, which finds this as a service. */
public final class JJavaNotebook implements Extension {
  @Override
  public void install(BaseKernel kernel) {
    register(kernel.getRenderer());
  }

  static void register(Renderer renderer) {
    Showing.FORMS.forEach((type, forms) -> register(renderer, type, forms));
  }

  private static <T> void register(Renderer renderer, Class<T> type, List<String> forms) {
    renderer
        .createRegistration(type)
        .preferring(forms.toArray(String[]::new))
        .register(JJavaNotebook::render);
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
