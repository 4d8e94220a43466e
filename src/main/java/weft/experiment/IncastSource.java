package weft.experiment;

import weft.engine.packet.PacketEngine;

/**
 * Keeps one incast going on an engine: a burst, and when it has arrived the next. Senders hear of
 * the arrival no sooner than anything gets from GPU to GPU.
 */
final class IncastSource {
  private final PacketEngine engine;
  private final Incast incast;
  private final int[] queuePairs;
  private long burstStart;
  private int firstMessage;
  private int arriving;

  IncastSource(PacketEngine engine, Incast incast, int[] senders, int receiver) {
    this.engine = engine;
    this.incast = incast;
    this.queuePairs = new int[senders.length];
    for (int s = 0; s < senders.length; s++) {
      queuePairs[s] = engine.connect(senders[s], receiver);
    }
    burst(engine.now());
  }

  /** A burst's messages are posted in one go, so their numbers are consecutive. */
  void delivered(int message) {
    boolean ours = message >= firstMessage && message < firstMessage + queuePairs.length;
    if (ours && --arriving == 0) {
      long heard = engine.now() + engine.lookaheadPs();
      burst(Math.max(heard, burstStart + incast.every().ps()));
    }
  }

  private void burst(long startPs) {
    burstStart = startPs;
    arriving = queuePairs.length;
    for (int s = 0; s < queuePairs.length; s++) {
      int message = engine.send(queuePairs[s], incast.size().bytes(), startPs);
      if (s == 0) {
        firstMessage = message;
      }
    }
  }
}
