package weft.parallel;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import weft.parallel.PipelinePass.Kind;
import weft.report.Digits;
import weft.report.Picture;
import weft.report.SvgCard;

/** A pipeline's timeline as a Gantt picture on a light card of its own. */
final class PipelinePicture {
  private static final String STYLES =
      """
      .title { font-size: 16px; font-weight: bold; }
      .axis { font-size: 12px; fill: #444444; }
      .row { text-anchor: end; }
      .key { text-anchor: start; }
      .note { text-anchor: end; fill: #444444; }
      """;

  private static final int LEFT = 84;
  private static final int RIGHT = 20;
  private static final int TOP = 48;
  private static final int ROW = 30;
  private static final int BAR = 24;
  private static final double DIGIT = 7;
  private static final int TICKS = 8;

  /** First chunk, last chunk. */
  private static final int[][] FORWARD = {{0x9E, 0xCA, 0xE9}, {0x3B, 0x8F, 0xC4}};

  private static final int[][] BACKWARD = {{0xA5, 0xDB, 0xB5}, {0x41, 0xA8, 0x6B}};
  private static final int[][] WEIGHTS = {{0xF7, 0xDC, 0x8A}, {0xE0, 0xA8, 0x2E}};

  private final PipelineTimeline timeline;
  private final int chunks;
  private final double scale;
  private final SvgCard card = new SvgCard("weft-gantt", 11, STYLES);

  PipelinePicture(PipelineTimeline timeline, int chunks) {
    this.timeline = timeline;
    this.chunks = chunks;
    scale = (SvgCard.WIDTH - LEFT - RIGHT) / timeline.total();
  }

  Picture picture() {
    String alt = timeline + ": " + waiting();
    card.text(SvgCard.WIDTH / 2.0, 26, "title", timeline.toString());
    int bottom = TOP + timeline.stages() * ROW;
    for (int s = 0; s < timeline.stages(); s++) {
      double y = TOP + s * ROW;
      card.text(LEFT - 8, y + BAR / 2.0 + 4, "row", "stage " + s);
      card.add(
          "<rect x='%d' y='%.0f' width='%d' height='%d' fill='#f3f3f3'/>",
          LEFT, y, SvgCard.WIDTH - LEFT - RIGHT, BAR);
      for (PipelinePass pass : timeline.passes(s)) {
        bar(timeline.start(s, pass), timeline.end(s, pass), y, pass);
      }
    }
    axis(bottom);
    legend(bottom + 46, waiting());
    return card.picture(bottom + 76, alt);
  }

  private String waiting() {
    double bubble = timeline.bubble();
    return bubble < 1e-9
        ? "no stage waits between its first pass and its last"
        : "each stage waits %s %% of the time that it works".formatted(Digits.of(100 * bubble, 3));
  }

  private void bar(double start, double end, double y, PipelinePass pass) {
    double x = LEFT + start * scale;
    double width = (end - start) * scale;
    card.add(
        "<rect x='%.2f' y='%.0f' width='%.2f' height='%d' fill='%s' stroke='#ffffff'/>",
        x, y, width, BAR, color(pass.kind(), pass.chunk()));
    String label = String.valueOf(pass.microBatch());
    if (width >= DIGIT * label.length() + 4) {
      card.text(x + width / 2, y + BAR / 2.0 + 4, "tick", label);
    }
  }

  private String color(Kind kind, int chunk) {
    int[][] ends =
        switch (kind) {
          case FORWARD -> FORWARD;
          case BACKWARD, INPUT_GRADIENT -> BACKWARD;
          case WEIGHT_GRADIENT -> WEIGHTS;
        };
    double place = chunks == 1 ? 0 : chunk / (chunks - 1.0);
    int[] rgb = new int[3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (int) Math.round(ends[0][i] + place * (ends[1][i] - ends[0][i]));
    }
    return String.format(Locale.ROOT, "#%02x%02x%02x", rgb[0], rgb[1], rgb[2]);
  }

  private void axis(int y) {
    double step = Math.max(1, Math.ceil(timeline.total() / TICKS));
    for (double at = 0; at <= timeline.total(); at += step) {
      double x = LEFT + at * scale;
      card.add("<line x1='%.1f' y1='%d' x2='%.1f' y2='%d' stroke='#888888'/>", x, y, x, y + 4);
      card.text(x, y + 16, "tick", Digits.of(at));
    }
    card.text(
        (LEFT + SvgCard.WIDTH - RIGHT) / 2.0, y + 32, "axis", "time (forward passes of a stage)");
  }

  private void legend(int y, String note) {
    int x = LEFT;
    for (Kind kind : kinds()) {
      x = swatch(x, y, kind);
    }
    card.text(SvgCard.WIDTH - RIGHT, y + 11, "note", note);
  }

  /** What the first stage does. */
  private Set<Kind> kinds() {
    return timeline.passes(0).stream()
        .map(PipelinePass::kind)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Kind.class)));
  }

  private int swatch(int x, int y, Kind kind) {
    int at = x;
    for (int c = 0; c < Math.min(chunks, 8); c++) {
      card.add(
          "<rect x='%d' y='%d' width='14' height='14' fill='%s'/>",
          at, y, color(kind, chunks <= 8 ? c : c * (chunks - 1) / 7));
      at += 15;
    }
    card.add("<text x='%d' y='%d' class='key'>%s</text>", at + 5, y + 11, kind.label());
    return at + 30 + 6 * kind.label().length();
  }
}
