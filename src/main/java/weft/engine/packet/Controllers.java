package weft.engine.packet;

import java.util.Arrays;
import java.util.Set;
import weft.transport.Acknowledgement;
import weft.transport.CongestionControl;
import weft.transport.CongestionControl.Controller;
import weft.transport.CongestionControl.Signal;
import weft.transport.Connection;
import weft.units.Check;

/** The congestion controllers of all queue pairs. */
final class Controllers {
  private static final double BITS_PS = 8e12; // 8 bits a byte, 10^12 ps a second

  private static final double LEAST_RATE = 1000; // bit/s; time, in ps, must not overflow

  private final CongestionControl control;
  private final boolean notified;
  private final boolean acknowledged;
  private final boolean telemetry;
  private boolean windowed;
  private Controller[] controllers = new Controller[64];
  private double[] line = new double[64]; // bit/s

  Controllers(CongestionControl control) {
    this.control = control;
    Set<Signal> signals = control.signals();
    notified = signals.contains(Signal.NOTIFICATION);
    telemetry = signals.contains(Signal.TELEMETRY);
    acknowledged =
        signals.contains(Signal.ECN_ECHO)
            || signals.contains(Signal.DELAY)
            || control.credit().isPresent()
            || telemetry;
    windowed = acknowledged;
  }

  void open(Connection connection) {
    int qp = connection.queuePair();
    if (qp >= line.length) {
      controllers = Arrays.copyOf(controllers, 2 * qp);
      line = Arrays.copyOf(line, 2 * qp);
    }
    controllers[qp] =
        Check.notNull(
            "what a congestion control's open() answers",
            control.open(connection),
            "return a Controller for each connection");
    line[qp] = connection.nic().bitsPerSecond();
    windowed |= controllers[qp].windowBytes() != Long.MAX_VALUE;
  }

  /** Whether receivers answer marks with CNPs. */
  boolean notified() {
    return notified;
  }

  /** Whether senders are told of acknowledgements. */
  boolean acknowledged() {
    return acknowledged;
  }

  /** Whether switches write telemetry into packets. */
  boolean telemetry() {
    return telemetry;
  }

  /** Whether a window may limit a queue pair. */
  boolean windowed() {
    return windowed;
  }

  /** Payload bytes that may be unacknowledged. */
  long window(int qp) {
    return controllers[qp].windowBytes();
  }

  /** Its pace, bit/s. */
  double rate(int qp) {
    return controllers[qp].bitsPerSecond();
  }

  /**
   * A packet starts on the wire.
   *
   * @return ps from its start until the next may start; 0 at line rate, where the port itself is
   *     the limit
   */
  long onSend(int qp, int wireBytes, long now) {
    controllers[qp].onSend(now, wireBytes);
    double rate = controllers[qp].bitsPerSecond();
    if (!(rate >= LEAST_RATE)) {
      throw new IllegalStateException(
          "a controller's bitsPerSecond() must be at least 1000, but that of queue pair %d was %s: keep a least rate"
              .formatted(qp, rate));
    }
    return rate >= line[qp] ? 0 : (long) (wireBytes * BITS_PS / rate);
  }

  void onAcknowledgement(int qp, Acknowledgement acknowledgement) {
    controllers[qp].onAcknowledgement(acknowledgement);
  }

  void onLoss(int qp, long now) {
    controllers[qp].onLoss(now);
  }

  void onTimeout(int qp, long now) {
    controllers[qp].onTimeout(now);
  }

  void onCredit(int qp, long now, long bytes) {
    controllers[qp].onCredit(now, bytes);
  }

  void onNotification(int qp, long now) {
    controllers[qp].onNotification(now);
  }
}
