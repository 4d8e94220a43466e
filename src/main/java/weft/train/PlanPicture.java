package weft.train;

import java.util.List;
import weft.report.Digits;
import weft.report.Picture;
import weft.report.Svg;
import weft.report.SvgCard;
import weft.units.Time;

/** What each GPU of a plan did in a step, as a Gantt picture. */
final class PlanPicture {
  private static final String STYLES =
      """
      .title { font-size: 16px; font-weight: bold; }
      .axis { font-size: 12px; fill: #444444; }
      .row { text-anchor: end; }
      .key { text-anchor: start; }
      """;

  private static final int LEFT = 72;
  private static final int RIGHT = 20;
  private static final int TOP = 48;
  private static final int LINE = 20;
  private static final int TALLEST = 30;
  private static final int MOST_HEIGHT = 640;
  private static final int TICKS = 8;
  private static final int LONGEST_NAME = 80;

  /** Pixels of a letter in the key. */
  private static final double LETTER = 6.4;

  private final String name;
  private final PlanSpans spans;
  private final List<Activity> used;
  private final int gpus;
  private final long fromPs;
  private final double scale;
  private final double row;
  private final SvgCard card = new SvgCard("weft-plan-gantt", 11, STYLES);

  PlanPicture(String name, PlanSpans spans, List<Activity> used, int gpus) {
    this.name = name;
    this.spans = spans;
    this.used = used;
    this.gpus = gpus;
    long[] finished = spans.finished();
    int last = finished.length - 1;
    fromPs = last == 0 ? 0 : finished[last - 1];
    scale = (SvgCard.WIDTH - LEFT - RIGHT) / (double) Math.max(1, finished[last] - fromPs);
    row = Math.min(TALLEST, (double) MOST_HEIGHT / gpus);
  }

  Picture picture() {
    long step = spans.finished()[spans.finished().length - 1] - fromPs;
    String alt = "The last step of %s, %s, GPU by GPU".formatted(name, new Time(step));
    card.text(SvgCard.WIDTH / 2.0, 26, "title", Svg.cut(name, LONGEST_NAME));
    for (int gpu = 0; gpu < gpus; gpu++) {
      double y = TOP + gpu * row;
      if (row >= 10 || gpu % 8 == 0) {
        card.text(LEFT - 8, y + row / 2 + 4, "row", "GPU " + gpu);
      }
      card.add(
          "<rect x='%d' y='%.1f' width='%d' height='%.1f' fill='#f3f3f3'/>",
          LEFT, y, SvgCard.WIDTH - LEFT - RIGHT, 0.8 * row);
      for (PlanSpans.Span span : spans.lastStep(gpu)) {
        bar(span, y);
      }
    }
    int bottom = (int) Math.ceil(TOP + gpus * row);
    axis(bottom, step);
    int end = legend(bottom + 46);
    return card.picture(end + LINE + 10, alt);
  }

  private void bar(PlanSpans.Span span, double y) {
    long from = Math.max(span.fromPs(), fromPs);
    double width = (span.toPs() - from) * scale;
    if (width > 0) {
      card.add(
          "<rect x='%.2f' y='%.1f' width='%.2f' height='%.1f' fill='%s'/>",
          LEFT + (from - fromPs) * scale, y, width, 0.8 * row, span.activity().color());
    }
  }

  private void axis(int y, long step) {
    double micros = step / 1e6;
    double tick = roundUp(micros / TICKS);
    for (double at = 0; at <= micros; at += tick) {
      double x = LEFT + at * 1e6 * scale;
      card.add("<line x1='%.1f' y1='%d' x2='%.1f' y2='%d' stroke='#888888'/>", x, y, x, y + 4);
      card.text(x, y + 16, "tick", Digits.of(at, 4));
    }
    card.text((LEFT + SvgCard.WIDTH - RIGHT) / 2.0, y + 32, "axis", "time in the last step (us)");
  }

  /** The next of 1, 2, 5, 10, 20 and so on. */
  private static double roundUp(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(value, 1e-6))));
    double digits = value / power;
    return power * (digits <= 1 ? 1 : digits <= 2 ? 2 : digits <= 5 ? 5 : 10);
  }

  /** Returns where its last line begins. */
  private int legend(int y) {
    int x = LEFT;
    int line = y;
    for (Activity activity : used) {
      String text =
          activity.computes() ? activity.label() : activity.label() + ": exchanges, waits";
      int width = (int) (28 + LETTER * text.length());
      if (x + width > SvgCard.WIDTH - RIGHT) {
        x = LEFT;
        line += LINE;
      }
      card.add("<rect x='%d' y='%d' width='14' height='14' fill='%s'/>", x, line, activity.color());
      card.text(x + 19, line + 11, "key", text);
      x += width;
    }
    return line;
  }
}
