package weft.engine.packet;

import java.util.Arrays;
import java.util.Optional;
import weft.fabric.Fabric;
import weft.fabric.PortLimits;
import weft.fabric.QueueLength;

/** {@link PortLimits} of the cables, in bytes by port; what a cable leaves to the run is NONE. */
final class CableLimits {
  static final long NONE = Long.MAX_VALUE;

  final boolean any; // whether any cable has some
  final long[] markFrom;
  final long[] markAll;
  final long[] pauseAt;
  final long[] resumeAt;
  final long[] queueMost;

  /**
   * @param largest packet on the wire
   */
  CableLimits(Fabric fabric, long largest, Ports ports) {
    markFrom = none(ports);
    markAll = none(ports);
    pauseAt = none(ports);
    resumeAt = none(ports);
    queueMost = none(ports);
    boolean some = false;
    for (int p = 0; p < ports.count; p++) {
      PortLimits limits = fabric.links().get(ports.number[p] / 2).limits();
      if (limits.equals(PortLimits.NONE)) {
        continue;
      }
      some = true;
      markFrom[p] = bytes(limits.markFrom(), largest);
      markAll[p] = bytes(limits.markAll(), largest);
      pauseAt[p] = bytes(limits.pauseAt(), largest);
      resumeAt[p] = bytes(limits.resumeAt(), largest);
      queueMost[p] = bytes(limits.queueMost(), largest);
      checkOrder(ports.name[p], "pauses above", pauseAt[p], "resumes at", resumeAt[p], largest);
      checkOrder(ports.name[p], "marks all above", markAll[p], "marks from", markFrom[p], largest);
    }
    any = some;
  }

  /** Forgets what a port of its kind has no use for. */
  void keep(int port, boolean pauses, boolean queues) {
    pauseAt[port] = pauses ? pauseAt[port] : NONE;
    resumeAt[port] = pauses ? resumeAt[port] : NONE;
    queueMost[port] = queues ? queueMost[port] : NONE;
  }

  private static long[] none(Ports ports) {
    long[] limits = new long[ports.count];
    Arrays.fill(limits, NONE);
    return limits;
  }

  private static long bytes(Optional<QueueLength> length, long largest) {
    return length.map(l -> l.bytes(Math.toIntExact(largest))).orElse(NONE);
  }

  /** Lengths in different units can be compared only here, where the largest packet is known. */
  private static void checkOrder(
      String port, String upper, long high, String lower, long low, long largest) {
    if (low != NONE && low > high) {
      throw new IllegalArgumentException(
          "%s %s %,d B, but %s %,d B, packets having %d B: give both in bytes, the shorter below the other"
              .formatted(port, upper, high, lower, low, largest));
    }
  }
}
