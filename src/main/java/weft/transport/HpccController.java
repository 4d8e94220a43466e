package weft.transport;

import java.util.Arrays;
import weft.transport.CongestionControl.Controller;

/** One queue pair's window, by Algorithm 1 as {@link Hpcc} states it. */
final class HpccController implements Controller {
  private static final double PS_PER_SECOND = 1e12;
  private static final double LEAST_RATE = 100e6; // bit/s, MIN_RATE of the authors' simulator

  private final double eta;
  private final int maxStage;
  private final double line; // bit/s
  private final double baseRtt; // T, ps
  private final double first; // the window to start with, which is also the largest, bytes
  private final double least;
  private final double additive; // W_AI, bytes

  private double window; // W
  private double reference; // Wc
  private double utilisation; // U
  private int stage; // incStage
  private long roundEnd; // lastUpdateSeq, bytes
  private boolean heard; // whether there is telemetry to compare with
  private long[] queueBytes; // by hop, of the last acknowledgement
  private long[] txBytes;
  private long[] timePs;

  HpccController(Hpcc rules, Connection connection) {
    eta = rules.eta();
    maxStage = rules.maxStage();
    line = connection.nic().bitsPerSecond();
    baseRtt = connection.baseRtt().ps();
    double perPs = 1 / (8 * PS_PER_SECOND);
    first = line * baseRtt * perPs;
    least = Math.min(first, LEAST_RATE * baseRtt * perPs);
    double scale = line / rules.scaledFrom().bitsPerSecond();
    additive = rules.additiveIncrease().bitsPerSecond() * scale * baseRtt * perPs;
    window = first;
    reference = first;
    queueBytes = new long[connection.hops()];
    txBytes = new long[connection.hops()];
    timePs = new long[connection.hops()];
  }

  @Override
  public double bitsPerSecond() {
    return Math.min(line, window / baseRtt * 8 * PS_PER_SECOND);
  }

  @Override
  public long windowBytes() {
    return (long) Math.max(1, window);
  }

  /** U. */
  double utilisation() {
    return utilisation;
  }

  @Override
  public void onAcknowledgement(Acknowledgement ack) {
    if (heard) {
      measure(ack);
      boolean roundOver = ack.acknowledgedBytes() > roundEnd;
      adjust(roundOver);
      if (roundOver) {
        roundEnd = ack.sentBytes();
      }
    } else {
      roundEnd = ack.sentBytes();
    }
    remember(ack);
  }

  private void measure(Acknowledgement ack) {
    double busiest = 0;
    double tau = 0;
    int hops = Math.min(ack.hops(), timePs.length);
    for (int i = 0; i < hops; i++) {
      double elapsed = ack.timePs(i) - timePs[i];
      if (elapsed <= 0) {
        continue; // the very packet seen before, or one that another has overtaken
      }
      double bandwidth = ack.bitsPerSecond(i) / (8 * PS_PER_SECOND); // bytes/ps
      double txRate = (ack.txBytes(i) - txBytes[i]) / elapsed;
      double queue = Math.min(ack.queueBytes(i), queueBytes[i]);
      double u = queue / (bandwidth * baseRtt) + txRate / bandwidth;
      if (u > busiest) {
        busiest = u;
        tau = elapsed;
      }
    }
    double weight = Math.min(tau, baseRtt) / baseRtt;
    utilisation = (1 - weight) * utilisation + weight * busiest;
  }

  private void adjust(boolean roundOver) {
    boolean multiply = utilisation >= eta || stage >= maxStage;
    double next = (multiply ? reference / (utilisation / eta) : reference) + additive;
    window = Math.max(least, Math.min(first, next));
    if (roundOver) {
      stage = multiply ? 0 : stage + 1;
      reference = window;
    }
  }

  private void remember(Acknowledgement ack) {
    int hops = ack.hops();
    if (hops > timePs.length) {
      queueBytes = Arrays.copyOf(queueBytes, hops);
      txBytes = Arrays.copyOf(txBytes, hops);
      timePs = Arrays.copyOf(timePs, hops);
    }
    for (int i = 0; i < hops; i++) {
      queueBytes[i] = ack.queueBytes(i);
      txBytes[i] = ack.txBytes(i);
      timePs[i] = ack.timePs(i);
    }
    heard = true;
  }
}
