package weft.transport.fluid;

import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.us;

import org.apache.commons.math3.random.RandomGenerator;
import weft.sim.RandomStreams;
import weft.transport.CongestionControl;
import weft.transport.Connection;

/** A sender whose packets of 1000 B are marked at random, whatever it does. */
final class OpenLoop {
  private static final int BYTES = 1000;
  private static final long PS_PER_S = 1_000_000_000_000L;

  private OpenLoop() {}

  /** Mean rate over five simulated seconds, bit/s, at 400 Gb/s, which it never reaches. */
  static double meanRate(CongestionControl control, double p, long seed) {
    RandomGenerator random = new RandomStreams(seed).named("marks");
    var sender = control.open(new Connection(0, 0, 1, gbps(400), us(8), 1, bytes(BYTES)));
    long interval = control.notificationInterval().ps();
    long from = PS_PER_S / 10;
    long until = from + 5 * PS_PER_S;
    long nextNotification = 0;
    long sent = 0;
    for (long now = 0; now < until; now += (long) (8e12 * BYTES / sender.bitsPerSecond())) {
      sender.onSend(now, BYTES);
      sent += now >= from ? BYTES : 0;
      if (random.nextDouble() < p && now >= nextNotification) {
        nextNotification = now + interval;
        sender.onNotification(now);
      }
    }
    return sent * 8.0 / 5;
  }
}
