package weft.experiment;

import java.util.List;
import weft.units.Time;

/**
 * Keeps background traffic going on a network: a burst, and when it has arrived the next. Senders
 * hear of the arrival no sooner than anything gets from GPU to GPU.
 */
final class Bursts {
  private static final long MOST_PS = Long.MAX_VALUE / 4;

  /** What carries the bursts. */
  interface Carrier {
    /** What carries a flow's messages; says its number. */
    int open(Flow flow);

    /** See {@link JobNetwork#send}; messages are numbered in the order of sending. */
    int send(int flow, long bytes, long notBeforePs);

    /** When GPUs elsewhere can know of what happens now, ps. */
    long heardAt();
  }

  private final Carrier carrier;
  private final List<Flow> flows;
  private final int[] opened;
  private final long everyPs;
  private long burstStart;
  private int firstMessage;
  private int arriving;
  private boolean isOver;

  Bursts(Carrier carrier, Traffic burst, Time every, long nowPs) {
    this.carrier = carrier;
    this.flows = burst.flows();
    this.opened = flows.stream().mapToInt(carrier::open).toArray();
    this.everyPs = every.ps();
    send(nowPs);
  }

  /** Refuses an interval from burst to burst that is none. */
  static void check(String whose, Time every) {
    if (every.ps() < 1 || every.ps() > MOST_PS) {
      throw new IllegalArgumentException(
          "%s bursts start above 0 and at most 26 days apart, but every was %s: write for example us(200)"
              .formatted(whose, every));
    }
  }

  /** No burst comes after this one. */
  void end() {
    isOver = true;
  }

  /**
   * A burst's messages are posted in one go, so their numbers are consecutive.
   *
   * @return whether the message was one of them
   */
  boolean delivered(int message) {
    boolean ours = message >= firstMessage && message < firstMessage + opened.length;
    if (ours && --arriving == 0 && !isOver) {
      send(Math.max(carrier.heardAt(), burstStart + everyPs));
    }
    return ours;
  }

  private void send(long startPs) {
    burstStart = startPs;
    arriving = opened.length;
    for (int f = 0; f < opened.length; f++) {
      Flow flow = flows.get(f);
      int message = carrier.send(opened[f], flow.size().bytes(), startPs + flow.start().ps());
      if (f == 0) {
        firstMessage = message;
      }
    }
  }
}
