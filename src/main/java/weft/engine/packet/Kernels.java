package weft.engine.packet;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import weft.transport.KernelCost;

/** The cores that work for connections at their receivers: for each a queue of packets. */
final class Kernels {
  private final @Nullable KernelCost cost;
  private Ring[] waiting = {}; // by queue pair; the first word is the payload, bytes

  Kernels(@Nullable KernelCost cost) {
    this.cost = cost;
  }

  boolean areUsed() {
    return cost != null;
  }

  void open(int qp) {
    if (cost == null) {
      return;
    }
    if (qp >= waiting.length) {
      waiting = Arrays.copyOf(waiting, Math.max(64, 2 * qp));
    }
    waiting[qp] = new Ring();
  }

  /** A packet has come in: wakes its connection's core if that sleeps. */
  void put(
      Clock clock,
      InBandTelemetry telemetry,
      int qp,
      int payload,
      long owner,
      long header,
      long stamp) {
    if (cost == null) {
      return;
    }
    if (waiting[qp].isEmpty()) {
      clock.at(clock.now + cost.wakeUp().ps() + cost.ps(payload), Clock.KERNEL, qp);
    }
    waiting[qp].put(payload, owner, header, stamp);
    telemetry.attach(waiting[qp]);
  }

  /**
   * Takes the first packet off, which its core has worked for, and has it begin with the next.
   *
   * @return where in the {@link Ring#slots} of its queue pair it begins
   */
  int take(Clock clock, int qp) {
    Ring queue = waiting[qp];
    int i = queue.take();
    if (cost != null && !queue.isEmpty()) {
      clock.at(clock.now + cost.ps((int) queue.firstWord()), Clock.KERNEL, qp);
    }
    return i;
  }

  Ring of(int qp) {
    return waiting[qp];
  }
}
