package weft.routing;

/**
 * Draws among the candidates of the best quality. Load is a moving average of what left a port,
 * halved against the past each {@link #SAMPLE_PS}; a queue is judged by the time its port needs for
 * it.
 */
final class PortQuality implements PortSelector {
  /** Between two samples of a port's counter, ps. */
  static final long SAMPLE_PS = 2_000_000;

  /** A queue that takes so long to send is in the last band, ps. */
  static final double FULL_QUEUE_PS = 8e6;

  private static final double LEAST_LOAD = 0.1;
  private static final double MOST_LOAD = 0.9;
  private static final double BITS_PS = 8e12;

  private final SwitchView here;
  private final int loadPercent;
  private final long[] sampledAt; // by port
  private final long[] sentBefore;
  private final double[] load; // share of the rate

  PortQuality(SwitchView here, int loadPercent) {
    this.here = here;
    this.loadPercent = loadPercent;
    sampledAt = new long[here.ports()];
    sentBefore = new long[here.ports()];
    load = new double[here.ports()];
  }

  @Override
  public int choose(PacketView packet, int n) {
    int best = 0;
    int bestBand = Integer.MAX_VALUE;
    int alike = 0;
    for (int i = 0; i < n; i++) {
      int band = band(i);
      if (band < bestBand) {
        bestBand = band;
        best = i;
        alike = 1;
      } else if (band == bestBand && here.random(++alike) == 0) { // each of them is as likely
        best = i;
      }
    }
    return best;
  }

  /** The quality of a candidate, 0 the best. */
  int band(int i) {
    double queuePs = here.queueBytes(i) * BITS_PS / here.bitsPerSecond(i);
    double used = (load(i) - LEAST_LOAD) / (MOST_LOAD - LEAST_LOAD);
    int weighed =
        loadPercent * quantised(used) + (100 - loadPercent) * quantised(queuePs / FULL_QUEUE_PS);
    return weighed / 100;
  }

  private static int quantised(double share) {
    return (int) Math.max(0, Math.min(Dynamic.BANDS - 1, share * Dynamic.BANDS));
  }

  private double load(int i) {
    int port = here.port(i);
    long passed = here.nowPs() - sampledAt[port];
    if (passed >= SAMPLE_PS) {
      long sent = here.sentBytes(i);
      double recent = (sent - sentBefore[port]) * BITS_PS / passed / here.bitsPerSecond(i);
      double kept = passed >= 16 * SAMPLE_PS ? 0 : Math.scalb(1.0, -(int) (passed / SAMPLE_PS));
      load[port] = kept * load[port] + (1 - kept) * recent;
      sentBefore[port] = sent;
      sampledAt[port] = here.nowPs();
    }
    return load[port];
  }
}
