package weft.engine.packet;

import weft.transport.Pfc;
import weft.units.Time;

/** Watches classes of switches' ports that are paused, for whether it lasts too long. */
final class Watchdog {
  private static final long NEVER = Long.MAX_VALUE;

  private final Clock clock;
  private final SharedBuffers buffers;
  private final int classes;
  private final long afterPs;

  Watchdog(Clock clock, Shared all) {
    this.clock = clock;
    this.buffers = all.buffers();
    this.classes = all.ports().classes;
    this.afterPs =
        all.transport().link() instanceof Pfc pfc
            ? pfc.detection().map(Time::ps).orElse(NEVER)
            : NEVER;
  }

  /** From now on, if the class that was paused is a switch's. */
  void watch(Lane lane) {
    if (afterPs != NEVER && !lane.watched && buffers.isLossless(lane.node)) {
      lane.watched = true;
      clock.heap.idle++;
      clock.at(lane.pausedAt + afterPs, Clock.WATCHDOG, lane.index * classes + lane.trafficClass);
    }
  }

  /** Its event has come: says whether the class is paused for too long, or else watches on. */
  boolean isDue(Lane lane) {
    lane.watched = false;
    clock.heap.idle--;
    if (!lane.paused) {
      return false;
    }
    if (clock.now < lane.pausedAt + afterPs) {
      watch(lane);
      return false;
    }
    return true;
  }
}
