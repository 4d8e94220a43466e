package weft.experiment;

/**
 * Keeps one incast going on a network: a burst, and when it has arrived the next. Senders hear of
 * the arrival no sooner than anything gets from GPU to GPU.
 */
final class IncastSource {
  /** What carries the bursts. */
  interface Carrier {
    /** See {@link JobNetwork#open}. */
    int open(int source, int destination);

    /** See {@link JobNetwork#send}; messages are numbered in the order of sending. */
    int send(int flow, long bytes, long notBeforePs);

    /** When GPUs elsewhere can know of what happens now, ps. */
    long heardAt();
  }

  private final Carrier carrier;
  private final Incast incast;
  private final int[] flows;
  private long burstStart;
  private int firstMessage;
  private int arriving;

  IncastSource(Carrier carrier, Incast incast, int[] senders, int receiver, long nowPs) {
    this.carrier = carrier;
    this.incast = incast;
    this.flows = new int[senders.length];
    for (int s = 0; s < senders.length; s++) {
      flows[s] = carrier.open(senders[s], receiver);
    }
    burst(nowPs);
  }

  /**
   * A burst's messages are posted in one go, so their numbers are consecutive.
   *
   * @return whether the message was one of them
   */
  boolean delivered(int message) {
    boolean ours = message >= firstMessage && message < firstMessage + flows.length;
    if (ours && --arriving == 0) {
      burst(Math.max(carrier.heardAt(), burstStart + incast.every().ps()));
    }
    return ours;
  }

  private void burst(long startPs) {
    burstStart = startPs;
    arriving = flows.length;
    for (int s = 0; s < flows.length; s++) {
      int message = carrier.send(flows[s], incast.size().bytes(), startPs);
      if (s == 0) {
        firstMessage = message;
      }
    }
  }
}
