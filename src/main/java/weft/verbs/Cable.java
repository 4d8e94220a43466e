package weft.verbs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;
import weft.capture.Capture;
import weft.capture.CapturePoint;
import weft.capture.CapturedFrame;
import weft.capture.Frame;
import weft.sim.Interruption;
import weft.units.Rate;
import weft.units.Time;

/** The cable between two devices, the clock, and a log of what passed. */
final class Cable {
  private static final int LOG_LIMIT = 10_000;
  private static final Comparator<Event> ORDER =
      Comparator.comparingLong(Event::timePs).thenComparingLong(Event::order);

  /** Something to do at a time; those of the same time in the order in which they were asked. */
  record Event(long timePs, long order, Runnable action) {}

  private final Rate rate;
  private final Time delay;
  private final PriorityQueue<Event> events = new PriorityQueue<>(ORDER);
  private final List<CapturedFrame> log = new ArrayList<>();
  private final List<Device> ends = new ArrayList<>();
  private IntPredicate loses = index -> false;
  private boolean plugged = true;
  private long now;
  private long order;
  private int passed;

  Cable(Rate rate, Time delay) {
    this.rate = rate;
    this.delay = delay;
  }

  void attach(Device device) {
    ends.add(device);
  }

  long now() {
    return now;
  }

  Event at(long timePs, Runnable action) {
    var event = new Event(timePs, order++, action);
    events.add(event);
    return event;
  }

  void cancel(Event event) {
    events.remove(event);
  }

  void plug(boolean in) {
    plugged = in;
  }

  void losing(IntPredicate which) {
    loses = which;
  }

  /** Runs what is due up to a time, that time included. */
  void run(long untilPs) {
    long handled = 0;
    while (!events.isEmpty() && events.element().timePs() <= untilPs) {
      Event event = events.remove();
      now = event.timePs();
      event.action().run();
      if ((++handled & 0xFFF) == 0) {
        Interruption.check("running the verbs, at %s".formatted(new Time(now)));
      }
    }
  }

  /** Lets the clock stand at a time to which it ran without an event. */
  void passTo(long timePs) {
    now = Math.max(now, timePs);
  }

  void transmit(Device from, Frame frame, Runnable sent) {
    int index = passed++;
    boolean lost = !plugged || loses.test(index);
    if (log.size() < LOG_LIMIT) {
      String comment = lost ? "lost on the cable" : "";
      log.add(new CapturedFrame(new Time(now), ends.indexOf(from), frame, comment));
    }
    long onTheWire = rate.psFor(frame.wireBytes());
    at(now + onTheWire, sent);
    if (!lost) {
      Device to = ends.get(1 - ends.indexOf(from));
      at(now + onTheWire + delay.ps(), () -> to.receive(frame));
    }
  }

  Capture packets() {
    var points =
        List.of(
            new CapturePoint(ends.get(0).name() + " > " + ends.get(1).name(), rate),
            new CapturePoint(ends.get(1).name() + " > " + ends.get(0).name(), rate));
    return Capture.of(points, List.copyOf(log), passed - log.size());
  }

  @Override
  public String toString() {
    return "%s, %s".formatted(rate, delay);
  }
}
