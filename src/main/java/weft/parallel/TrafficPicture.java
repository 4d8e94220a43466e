package weft.parallel;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import weft.fabric.Fabric;
import weft.report.Digits;
import weft.report.Picture;
import weft.report.Svg;
import weft.report.SvgCard;

/** Who sends to whom as a heat map on a light card of its own. */
final class TrafficPicture {
  private static final String STYLES =
      """
      .title { font-size: 15px; font-weight: bold; }
      .axis { font-size: 13px; fill: #444444; }
      .tick { font-size: 11px; }
      .row { font-size: 11px; text-anchor: end; }
      .key { text-anchor: start; }
      .note { font-size: 11px; text-anchor: start; fill: #444444; }
      """;

  private static final int MOST_CELLS = 64;
  private static final int MATRIX = 512;
  private static final int LARGEST_CELL = 28;
  private static final int LEFT = 68;
  private static final int TOP = 96;
  private static final int LEAST_HEIGHT = 360;
  private static final int MOST_TIPS = 600;
  private static final int LONGEST_NAME = 100;

  /** Of the least that is sent; the most is as dark as can be. */
  private static final double FAINTEST = 0.35;

  private static final Map<ParallelAxis, Integer> COLORS =
      new EnumMap<>(
          Map.of(
              ParallelAxis.TENSOR, 0x0072B2,
              ParallelAxis.CONTEXT, 0xCC79A7,
              ParallelAxis.EXPERT, 0xE69F00,
              ParallelAxis.DATA, 0x009E73,
              ParallelAxis.PIPELINE, 0xD55E00));

  private final TrafficMap map;
  private final List<ParallelAxis> axes;
  private final int perServer;
  private final int unit;
  private final int cells;
  private final int size;
  private final double[][][] sent; // by axis, sender, receiver
  private final SvgCard card = new SvgCard("weft-traffic", 12, STYLES);
  private double least = Double.POSITIVE_INFINITY;
  private double most;
  private int filled;

  TrafficPicture(TrafficMap map) {
    this.map = map;
    axes = map.axes();
    perServer = perServer(map.fabric());
    int gpus = map.fabric().gpus();
    int servers = (gpus + perServer - 1) / perServer;
    unit = gpus <= MOST_CELLS ? 1 : perServer * ((servers + MOST_CELLS - 1) / MOST_CELLS);
    cells = (gpus + unit - 1) / unit;
    size = Math.min(LARGEST_CELL, MATRIX / cells);
    sent = new double[axes.size()][cells][cells];
    map.each((axis, from, to, bytes) -> sent[axes.indexOf(axis)][from / unit][to / unit] += bytes);
    measure();
  }

  private static int perServer(Fabric fabric) {
    int count = 1;
    while (count < fabric.gpus() && fabric.shareServer(0, count)) {
      count++;
    }
    return count;
  }

  private void measure() {
    for (int from = 0; from < cells; from++) {
      for (int to = 0; to < cells; to++) {
        double bytes = bytes(from, to);
        if (bytes > 0) {
          filled++;
          least = Math.min(least, bytes);
          most = Math.max(most, bytes);
        }
      }
    }
  }

  private double bytes(int from, int to) {
    double sum = 0;
    for (double[][] ofAxis : sent) {
      sum += ofAxis[from][to];
    }
    return sum;
  }

  Picture picture() {
    String alt = "Traffic matrix of %s on %s".formatted(map, map.fabric().name());
    int edge = cells * size;
    card.text(SvgCard.WIDTH / 2.0, 26, "title", "Who sends to whom");
    card.text(SvgCard.WIDTH / 2.0, 46, "axis", Svg.cut(map.toString(), LONGEST_NAME));
    card.text(LEFT + edge / 2.0, TOP - 26, "axis", "to " + unitName());
    card.add(
        "<text class='axis' transform='translate(18 %.1f) rotate(-90)'>from %s</text>",
        TOP + edge / 2.0, unitName());
    card.add(
        "<rect x='%d' y='%d' width='%d' height='%d' fill='#f6f6f6' stroke='#bbbbbb'/>",
        LEFT, TOP, edge, edge);
    for (int from = 0; from < cells; from++) {
      for (int to = 0; to < cells; to++) {
        cell(from, to);
      }
    }
    lines(edge);
    ticks();
    legend(LEFT + edge + 28);
    return card.picture(Math.max(LEAST_HEIGHT, TOP + edge + 24), alt);
  }

  private String unitName() {
    return unit == 1
        ? "GPU"
        : unit == perServer ? "server" : "servers, %d in a cell".formatted(unit / perServer);
  }

  private void cell(int from, int to) {
    double bytes = bytes(from, to);
    if (bytes == 0) {
      return;
    }
    int largest = 0;
    for (int axis = 1; axis < axes.size(); axis++) {
      if (sent[axis][from][to] > sent[largest][from][to]) {
        largest = axis;
      }
    }
    double place = most > least ? Math.log(bytes / least) / Math.log(most / least) : 1;
    card.add(
        "<rect x='%d' y='%d' width='%d' height='%d' fill='%s'>%s</rect>",
        LEFT + to * size,
        TOP + from * size,
        size,
        size,
        tint(axes.get(largest), FAINTEST + (1 - FAINTEST) * place),
        filled > MOST_TIPS ? "" : tip(from, to));
  }

  private String tip(int from, int to) {
    var text = new StringBuilder("<title>%s %d to %d:".formatted(unitName(), from, to));
    for (int axis = 0; axis < axes.size(); axis++) {
      double bytes = sent[axis][from][to];
      if (bytes > 0) {
        text.append(" %s %s a step".formatted(axes.get(axis).label(), size(bytes)));
      }
    }
    return text.append("</title>").toString();
  }

  private static String tint(ParallelAxis axis, double ink) {
    int color = COLORS.getOrDefault(axis, 0);
    long r = Math.round(255 - ink * (255 - (color >> 16)));
    long g = Math.round(255 - ink * (255 - (color >> 8 & 255)));
    long b = Math.round(255 - ink * (255 - (color & 255)));
    return String.format(Locale.ROOT, "#%02x%02x%02x", r, g, b);
  }

  private static String size(double bytes) {
    double giga = bytes / 1e9;
    return giga >= 1000
        ? Digits.of(giga / 1000, 3) + " TB"
        : giga >= 1 ? Digits.of(giga, 3) + " GB" : Digits.of(giga * 1000, 3) + " MB";
  }

  /** Around servers. */
  private void lines(int edge) {
    for (int at = perServer; unit == 1 && perServer > 1 && at < cells; at += perServer) {
      int to = at * size;
      card.add(
          "<path d='M%d %dV%dM%d %dH%d' stroke='#cccccc' stroke-width='0.7'/>",
          LEFT + to, TOP, TOP + edge, LEFT, TOP + to, LEFT + edge);
    }
  }

  private void ticks() {
    int every = unit == 1 && perServer > 1 ? perServer : 1;
    while (every * size < 24) {
      every *= 2;
    }
    for (int at = 0; at < cells; at += every) {
      double middle = (at + 0.5) * size;
      int number = unit > perServer ? at * (unit / perServer) : at;
      card.text(LEFT + middle, TOP - 8, "tick", String.valueOf(number));
      card.text(LEFT - 8, TOP + middle + 4, "row", String.valueOf(number));
    }
  }

  private void legend(int x) {
    int y = TOP;
    for (ParallelAxis axis : axes) {
      double all = 0;
      for (double[] row : sent[axes.indexOf(axis)]) {
        for (double bytes : row) {
          all += bytes;
        }
      }
      card.add("<rect x='%d' y='%d' width='14' height='14' fill='%s'/>", x, y, tint(axis, 0.85));
      card.text(x + 20, y + 11, "key", axis.label());
      card.text(x + 20, y + 26, "note", size(all) + " a step");
      y += 38;
    }
    card.text(x, y + 14, "note", "a cell is " + size(least));
    card.text(x, y + 29, "note", "to " + size(most) + " a step,");
    card.text(x, y + 44, "note", "darker is more");
  }
}
