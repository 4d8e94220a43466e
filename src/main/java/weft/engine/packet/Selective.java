package weft.engine.packet;

import java.util.Arrays;
import weft.engine.reliability.ReceiveWindow;
import weft.engine.reliability.RetransmissionTimer;
import weft.engine.reliability.SelectiveRepeat;
import weft.transport.Recovery;
import weft.transport.Recovery.Repeat;

/** What connections remember that repeat selectively, by queue pair; nothing where none does. */
final class Selective {
  final boolean isUsed;
  final int retries;
  private final Recovery recovery;
  SelectiveRepeat[] sent = {}; // the sender's
  RetransmissionTimer[] timer = {};
  int[] episode = {}; // losses of packets before it are one event for congestion control
  long[] timedOut = {}; // when a timeout last counted, ps
  ReceiveWindow[] received = {}; // the receiver's

  Selective(Recovery recovery) {
    this.recovery = recovery;
    this.isUsed = recovery.repeat() == Repeat.SELECTIVE;
    this.retries = recovery.retries();
  }

  void open(int qp) {
    if (!isUsed) {
      return;
    }
    if (qp >= sent.length) {
      int size = Math.max(64, 2 * qp);
      sent = Arrays.copyOf(sent, size);
      timer = Arrays.copyOf(timer, size);
      episode = Arrays.copyOf(episode, size);
      timedOut = Arrays.copyOf(timedOut, size);
      received = Arrays.copyOf(received, size);
    }
    sent[qp] = new SelectiveRepeat(recovery.tolerance());
    timer[qp] =
        new RetransmissionTimer(
            recovery.firstTimeout().ps(),
            recovery.leastTimeout().ps(),
            recovery.mostTimeout().ps());
    timedOut[qp] = Long.MIN_VALUE / 2;
    received[qp] = new ReceiveWindow();
  }
}
