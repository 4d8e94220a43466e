package weft.notebook;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import weft.notebook.display.ChartImage;
import weft.notebook.kernel.WeftKernel;
import weft.report.Charts;
import weft.report.Progress;

/** Progress in the cell's output: a small chart and a line, replaced as the run goes on. */
public final class NotebookProgress implements Progress.Screen {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 240;

  @Override
  public Progress.@Nullable View open() {
    WeftKernel kernel = WeftKernel.instance();
    return kernel == null ? null : new InCell(kernel);
  }

  private static final class InCell implements Progress.View {
    private final WeftKernel kernel;
    private final String id = UUID.randomUUID().toString();
    private boolean shown;

    InCell(WeftKernel kernel) {
      this.kernel = kernel;
    }

    @Override
    public void show(Progress.Stage stage) {
      put(stage.title() + ": " + stage.line(), html(stage));
    }

    @Override
    public void clear() {
      put("", "");
    }

    private void put(String text, String html) {
      var data = new DisplayData();
      data.putText(text);
      data.putHTML(html);
      if (shown) {
        kernel.updateDisplay(id, data);
      } else {
        data.setDisplayId(id);
        kernel.display(data);
        shown = true;
      }
    }
  }

  private static String html(Progress.Stage stage) {
    String line = "<div>" + escaped(stage.title() + ": " + stage.line()) + "</div>";
    if (stage.x().length < 2) {
      return line;
    }
    var chart = Charts.lines(stage.title(), stage.xTitle(), stage.yTitle(), WIDTH, HEIGHT);
    chart.getStyler().setLegendVisible(false);
    Charts.line(chart, stage.yTitle(), stage.x(), stage.y());
    String image = Base64.getEncoder().encodeToString(ChartImage.png(chart));
    return line
        + "<img width=\"%d\" height=\"%d\" alt=\"%s by %s so far\" src=\"data:image/png;base64,%s\"/>"
            .formatted(WIDTH, HEIGHT, escaped(stage.yTitle()), escaped(stage.xTitle()), image);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
