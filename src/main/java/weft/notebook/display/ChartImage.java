package weft.notebook.display;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import javax.imageio.ImageIO;
import org.knowm.xchart.internal.chartpart.Chart;

/** Charts as PNG with two pixels for each point, which is sharp on any screen. */
public final class ChartImage {
  private static final int SCALE = 2;

  static {
    ImageIO.setUseCache(false); // small images: memory is quicker than a file
  }

  private ChartImage() {}

  /** The chart as an output that is shown at its own size. */
  static Shown of(Chart<?, ?> chart) {
    String image = Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(png(chart));
    String title = chart.getTitle();
    String text = title == null || title.isBlank() ? "chart" : "chart: " + title;
    return new Shown(
        Map.of(Shown.TEXT, text, Shown.PNG, image + "\n"),
        Map.of(Shown.PNG, Map.of("width", chart.getWidth(), "height", chart.getHeight())));
  }

  /** The chart as PNG bytes. */
  public static byte[] png(Chart<?, ?> chart) {
    int width = chart.getWidth();
    int height = chart.getHeight();
    var image = new BufferedImage(SCALE * width, SCALE * height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.scale(SCALE, SCALE);
      chart.paint(graphics, width, height);
    } finally {
      graphics.dispose();
    }
    var bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }
}
