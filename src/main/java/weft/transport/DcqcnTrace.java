package weft.transport;

import java.util.Arrays;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Charts;
import weft.report.Numbers;
import weft.report.Plottable;
import weft.report.Tabular;
import weft.units.Check;
import weft.units.Rate;
import weft.units.Time;

/**
 * One queue pair under DCQCN's rules, alone, with CNPs at given times: its rate, its target and its
 * estimate of congestion, looked at once a microsecond.
 *
 * @see Dcqcn#trace
 */
public final class DcqcnTrace implements Tabular, Plottable {
  private static final long LOOK = 1_000_000; // ps
  private static final long MOST = 100_000; // looks

  private final String title;
  private final double[] micros;
  private final double[] rate; // Gb/s, as the two below
  private final double[] target;
  private final double[] alpha;
  private final Table events;

  private DcqcnTrace(String title, int looks) {
    this.title = title;
    micros = new double[looks];
    rate = new double[looks];
    target = new double[looks];
    alpha = new double[looks];
    events =
        Table.create(
            title,
            Numbers.column("time (us)"),
            StringColumn.create("event"),
            Numbers.column("rate R_C (Gb/s)"),
            Numbers.column("target R_T (Gb/s)"),
            Numbers.column("alpha"));
  }

  static DcqcnTrace of(Dcqcn rules, Rate nic, Time length, Time... notifications) {
    Check.notNull("the sender's NIC", nic, "write for example gbps(40)");
    Check.notNull("a trace's length", length, "write for example ms(2)");
    Check.noneNull("CNPs' times", notifications, "write for example us(100)");
    if (length.ps() < LOOK || length.ps() > MOST * LOOK) {
      throw new IllegalArgumentException(
          "a trace lasts from 1 us to 100 ms, but its length was %s: write for example ms(2)"
              .formatted(length));
    }
    for (Time t : notifications) {
      if (t.ps() < 0 || t.ps() >= length.ps()) {
        throw new IllegalArgumentException(
            "a CNP comes within the trace, from 0 to below %s, but one came at %s"
                .formatted(length, t));
      }
    }
    var trace =
        new DcqcnTrace("One queue pair at " + nic + " under DCQCN", (int) (length.ps() / LOOK));
    trace.follow(
        new DcqcnController(rules, nic),
        Arrays.stream(notifications).mapToLong(Time::ps).sorted().toArray());
    return trace;
  }

  private void follow(DcqcnController controller, long... cnps) {
    int next = 0;
    for (int i = 0; i < micros.length; i++) {
      long end = (i + 1) * LOOK;
      micros[i] = i * LOOK / 1e6;
      rate[i] = controller.bitsPerSecond() / 1e9;
      target[i] = controller.target() / 1e9;
      alpha[i] = controller.alpha(i * LOOK);
      for (; next < cnps.length && cnps[next] < end; next++) {
        double before = controller.bitsPerSecond();
        controller.onNotification(cnps[next]);
        boolean cut = controller.bitsPerSecond() < before;
        note(controller, cnps[next], cut ? "CNP: cut" : "CNP: cut put off");
      }
      send(controller, end);
    }
  }

  /** What leaves in a microsecond, as if it were one packet. */
  private void send(DcqcnController controller, long now) {
    double before = controller.bitsPerSecond();
    double targetBefore = controller.target();
    int timers = controller.timerEvents();
    controller.onSend(now, (int) Math.round(before * LOOK / 8e12));
    double after = controller.bitsPerSecond();
    if (after < before) {
      note(controller, now, "cut that was put off");
    } else if (after > before || controller.target() > targetBefore) {
      boolean timer = controller.timerEvents() > timers;
      note(
          controller,
          now,
          "%s %d: %s"
              .formatted(
                  timer ? "timer" : "byte counter",
                  timer ? controller.timerEvents() : controller.byteEvents(),
                  controller.target() > targetBefore ? "target up" : "halfway to target"));
    }
  }

  private void note(DcqcnController controller, long now, String event) {
    events.doubleColumn(0).append(now / 1e6);
    events.stringColumn(1).append(event);
    events.doubleColumn(2).append(controller.bitsPerSecond() / 1e9);
    events.doubleColumn(3).append(controller.target() / 1e9);
    events.doubleColumn(4).append(controller.alpha(now));
  }

  /** A row for each CNP, cut and increase, with what it left: rate, target, alpha. */
  @Override
  public Table table() {
    return events.copy();
  }

  /** Rate and target over time. */
  @Override
  public XYChart chart() {
    XYChart chart = lines("rate (Gb/s)");
    Charts.line(chart, "target R_T", micros, target);
    Charts.line(chart, "rate R_C", micros, rate);
    chart.getStyler().setYAxisMin(0.0);
    Charts.roundTicksAcross(chart);
    return chart;
  }

  /** The estimate of congestion α over time. */
  public XYChart estimate() {
    XYChart chart = lines("alpha");
    Charts.line(chart, "alpha", micros, alpha);
    Charts.roundTicksAcross(chart);
    return chart;
  }

  private XYChart lines(String what) {
    return Charts.lines(title, "time (us)", what);
  }

  @Override
  public String toString() {
    return "%s: %d events in %d us".formatted(title, events.rowCount(), micros.length);
  }
}
