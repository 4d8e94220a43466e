package weft.notebook.display;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rapaio.jupyter.kernel.display.DisplayData;
import org.rapaio.jupyter.kernel.display.DisplayRenderer;
import org.rapaio.jupyter.kernel.display.DisplayTransformer;
import org.rapaio.jupyter.kernel.display.spi.DisplayProvider;

/** Shows Weft's results in a notebook with the rapaio kernel, which finds this as a service. */
public final class RapaioNotebook implements DisplayProvider {
  @Override
  public List<DisplayRenderer> getDisplayRenderers() {
    return List.of(new ShownRenderer());
  }

  @Override
  public List<DisplayTransformer> getDisplayTransformers() {
    return List.of(new ToShown());
  }

  private static final class ToShown implements DisplayTransformer {
    @Override
    public boolean canTransform(@Nullable Object value) {
      return value != null
          && Showing.FORMS.keySet().stream().anyMatch(type -> type.isInstance(value));
    }

    @Override
    public Class<?> transformedClass() {
      return Shown.class;
    }

    @Override
    public @Nullable Object transform(Object value) {
      return Showing.of(value);
    }
  }

  private static final class ShownRenderer implements DisplayRenderer {
    @Override
    public Class<?> rendererClass() {
      return Shown.class;
    }

    @Override
    public boolean canRender(@Nullable String mime) {
      return true;
    }

    @Override
    public DisplayData render(@Nullable String mime, Object value) {
      var shown = (Shown) value;
      DisplayData output = DisplayData.fromText(shown.data().getOrDefault(Shown.TEXT, ""));
      shown.data().forEach(output::putData);
      shown.metadata().forEach(output::putMetaData);
      return output;
    }
  }
}
