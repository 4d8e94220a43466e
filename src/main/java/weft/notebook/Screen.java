package weft.notebook;

import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.SwingWrapper;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;
import weft.notebook.display.ChartImage;
import weft.notebook.display.TextTable;
import weft.notebook.kernel.WeftKernel;
import weft.report.Picture;
import weft.report.Plottable;
import weft.report.Result;
import weft.report.Tabular;

/** Shows a value with what there is: a notebook, a window, or a terminal and its files. */
final class Screen {
  private Screen() {}

  static void show(@Nullable Object value) {
    if (WeftKernel.instance() != null) {
      Display.display(value);
    } else if (value instanceof Chart<?, ?> chart) {
      chart(chart);
    } else if (value instanceof Picture picture) {
      System.out.println(picture.alt());
      say(write("picture", ".svg", picture.svg().getBytes(StandardCharsets.UTF_8)));
    } else if (value instanceof Table table) {
      System.out.println(TextTable.of(table));
    } else if (value instanceof Result result) {
      System.out.println(result.summary());
    } else if (value instanceof Tabular tabular) {
      System.out.println(TextTable.of(tabular.table()));
    } else if (value instanceof Plottable plottable) {
      chart(plottable.chart());
    } else {
      System.out.println(value);
    }
  }

  private static void chart(Chart<?, ?> chart) {
    if (GraphicsEnvironment.isHeadless()) {
      say(write("chart", ".png", ChartImage.png(chart)));
    } else {
      var unused = new SwingWrapper<>(chart).displayChart();
    }
  }

  private static Path write(String name, String ending, byte[] content) {
    try {
      Path file = Files.createTempFile("weft-" + name + "-", ending);
      Files.write(file, content);
      return file;
    } catch (IOException failure) {
      throw new UncheckedIOException("the " + name + " could not be written", failure);
    }
  }

  private static void say(Path file) {
    System.out.println("written to " + file);
  }
}
