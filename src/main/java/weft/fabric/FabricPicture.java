package weft.fabric;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import weft.report.Picture;

/**
 * Draws a fabric: spines above leaves above GPUs, boxed by server. Text and outlines take the
 * page's own colour, so that the picture reads on light and on dark.
 */
final class FabricPicture {
  private static final int WIDTH = 800;
  private static final int MARGIN = 16;
  private static final int TOP_Y = 34;
  private static final int TIER_HEIGHT = 100;
  private static final int SWITCH_HEIGHT = 24;
  private static final int MOST_SWITCHES = 16;
  private static final int MOST_GPUS = 128;

  /** Cable colours from idle to full, readable on white and on black. */
  private static final String[] HEAT = {"#8a8a8a", "#4f9bd9", "#e0a100", "#e8590c", "#d6204e"};

  private final Fabric fabric;
  private final double[] load;
  private final int tiers;
  private final int gpuY;
  private final Map<Integer, double[]> place = new HashMap<>();
  private final StringBuilder cables = new StringBuilder();
  private final StringBuilder shapes = new StringBuilder();
  private final List<String> leftOut = new ArrayList<>();

  private FabricPicture(Fabric fabric, double[] load) {
    this.fabric = fabric;
    this.load = load;
    this.tiers = Math.max(2, fabric.nodes().stream().mapToInt(Node::tier).max().orElse(0));
    this.gpuY = TOP_Y + 2 + tiers * TIER_HEIGHT;
  }

  static Picture of(Fabric fabric, double[] load) {
    return new FabricPicture(fabric, load).draw();
  }

  private Picture draw() {
    placeGpus();
    placeSwitches(1, leavesOfDrawnGpus());
    for (int tier = 2; tier <= tiers; tier++) {
      placeSwitches(tier, nodes(tier));
    }
    for (int l = 0; l < fabric.links().size(); l++) {
      drawCable(l);
    }
    int bottom = gpuY + 54;
    if (load.length > 0) {
      drawLegend(bottom);
      bottom += 22;
    }
    if (!leftOut.isEmpty()) {
      text(WIDTH / 2.0, bottom, 12, "not drawn: " + String.join(", ", leftOut));
      bottom += 20;
    }
    String svg =
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" \
        font-family="sans-serif" fill="currentColor" role="img" aria-label="%3$s">%4$s%5$s</svg>
        """
            .formatted(WIDTH, bottom, escape(fabric.toString()), cables, shapes)
            .strip();
    return new Picture(svg, fabric.toString());
  }

  private List<Integer> nodes(int tier) {
    var found = new ArrayList<Integer>();
    for (int n = 0; n < fabric.nodes().size(); n++) {
      if (fabric.nodes().get(n).isSwitch(tier)) {
        found.add(n);
      }
    }
    return found;
  }

  private List<Integer> leavesOfDrawnGpus() {
    var drawn = new TreeSet<Integer>();
    for (Link link : fabric.links()) {
      for (int[] ends : new int[][] {{link.a(), link.b()}, {link.b(), link.a()}}) {
        if (place.containsKey(ends[0]) && fabric.nodes().get(ends[1]).isSwitch(1)) {
          drawn.add(ends[1]);
        }
      }
    }
    return List.copyOf(drawn);
  }

  private void placeSwitches(int tier, List<Integer> wanted) {
    int all = fabric.switches(tier);
    int drawn = Math.min(wanted.size(), MOST_SWITCHES);
    if (drawn < all) {
      leftOut.add((all - drawn) + " " + Tiers.plural(Tiers.kind(fabric, tier)));
    }
    int y = TOP_Y + (tiers - tier) * TIER_HEIGHT;
    double cell = (WIDTH - 2.0 * MARGIN) / Math.max(1, drawn);
    double width = Math.min(84, cell - 6);
    for (int i = 0; i < drawn; i++) {
      double x = MARGIN + (i + 0.5) * cell;
      place.put(wanted.get(i), new double[] {x, y});
      rectangle(x - width / 2, y - SWITCH_HEIGHT / 2.0, width, SWITCH_HEIGHT, 4, 1.4);
      String name = fabric.nodes().get(wanted.get(i)).name();
      text(x, y + 4, width < 46 ? 10 : 12, width < 34 ? name.replaceAll("\\D", "") : name);
    }
  }

  private void placeGpus() {
    List<Integer> all = IntStream.range(0, fabric.gpus()).mapToObj(fabric::node).toList();
    int drawn = Math.min(all.size(), MOST_GPUS);
    if (drawn < all.size()) {
      leftOut.add((all.size() - drawn) + " GPUs");
    }
    double cell = (WIDTH - 2.0 * MARGIN) / Math.max(8, drawn);
    double left = MARGIN + (WIDTH - 2.0 * MARGIN - cell * drawn) / 2;
    int serverStart = 0;
    for (int i = 0; i < drawn; i++) {
      double x = left + (i + 0.5) * cell;
      place.put(all.get(i), new double[] {x, gpuY});
      double side = Math.min(18, cell * 0.55);
      shapes.append(
          format(
              "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\""
                  + " fill=\"#76b900\" fill-opacity=\"0.75\"/>",
              x - side / 2, gpuY - side / 2, side, side));
      int server = fabric.nodes().get(all.get(i)).server();
      boolean last = i == drawn - 1 || fabric.nodes().get(all.get(i + 1)).server() != server;
      if (last && server != Node.NO_SERVER) {
        boxServer(left + serverStart * cell, (i + 1 - serverStart) * cell, server);
      }
      if (last) {
        serverStart = i + 1;
      }
    }
  }

  private void boxServer(double x, double width, int server) {
    rectangle(x + 1, gpuY - 14, width - 2, 28, 4, 0.8);
    if (width >= 50) {
      text(x + width / 2, gpuY + 30, 11, "server " + server);
    } else {
      text(x + width / 2, gpuY + 30, 10, String.valueOf(server));
    }
  }

  /** NVLink is inside the server's box and not drawn. */
  private void drawCable(int index) {
    Link link = fabric.links().get(index);
    double[] a = place.get(link.a());
    double[] b = place.get(link.b());
    if (a == null || b == null || fabric.isScaleUp(link)) {
      return;
    }
    double share = load.length == 0 ? 0 : Math.max(0, Math.min(1, load[index]));
    String color = HEAT[(int) Math.min(HEAT.length - 1, share * HEAT.length)];
    double top = Math.min(a[1], b[1]) + SWITCH_HEIGHT / 2.0;
    double low = Math.max(a[1], b[1]) - (Math.max(a[1], b[1]) == gpuY ? 14 : SWITCH_HEIGHT / 2.0);
    double topX = a[1] < b[1] ? a[0] : b[0];
    double lowX = a[1] < b[1] ? b[0] : a[0];
    cables.append(
        format(
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\""
                + " stroke-width=\"%.1f\" stroke-opacity=\"%.2f\"/>",
            topX,
            top,
            lowX,
            low,
            color,
            1 + 2 * share,
            load.length == 0 ? 0.6 : 0.45 + 0.5 * share));
  }

  private void drawLegend(double y) {
    double x = WIDTH / 2.0 - 190;
    text(x - 44, y + 4, 12, "cable load");
    for (int i = 0; i < HEAT.length; i++) {
      double left = x + i * 82;
      shapes.append(
          format(
              "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\""
                  + " stroke-width=\"3\"/>",
              left, y, left + 18, y, HEAT[i]));
      text(left + 48, y + 4, 11, i * 20 + "-" + (i + 1) * 20 + " %");
    }
  }

  private void rectangle(double x, double y, double width, double height, int radius, double line) {
    shapes.append(
        format(
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%d\" fill=\"none\""
                + " stroke=\"currentColor\" stroke-width=\"%.1f\"/>",
            x, y, width, height, radius, line));
  }

  private void text(double x, double y, int size, String words) {
    shapes.append(
        format(
            "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" text-anchor=\"middle\">%s</text>",
            x, y, size, escape(words)));
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  private static String escape(String words) {
    return words.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
