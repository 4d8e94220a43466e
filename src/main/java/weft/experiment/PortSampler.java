package weft.experiment;

import weft.engine.packet.PacketEngine;
import weft.routing.Ecmp;
import weft.transport.fluid.Trajectory;
import weft.units.Time;

/** Runs a bottleneck's packets and looks at its port at equal intervals. */
final class PortSampler {
  private static final int BINS = 500;
  private static final int LOOKS = 40; // in each bin

  private final PacketEngine engine;
  private final long interval; // ps between two looks
  private final int shared; // the port to the receiver
  private final double[] seconds = new double[BINS];
  private final double[] queueBytes = new double[BINS];
  private final double[][] rates;
  private final long[] sentBefore;
  private long marksBefore;
  private long packetsBefore;

  PortSampler(Bottleneck link, Time length) {
    engine = new PacketEngine(link.fabric(), link.transport(), Ecmp.fiveTuple(), link.seed());
    interval = Math.max(1, length.ps() / ((long) BINS * LOOKS));
    shared = 2 * link.flows() + 1;
    rates = new double[link.flows()][BINS];
    sentBefore = new long[link.flows()];
    long enough = link.rate().bitsPerSecond() / 8 * (1 + length.ps() / 1_000_000_000_000L);
    for (int f = 0; f < link.flows(); f++) {
      engine.send(engine.connect(f, link.flows()), enough, f * link.joining().ps());
    }
  }

  /** What the packets did, each point the mean over one five-hundredth of the time. */
  Trajectory run() {
    for (int i = 1; i <= BINS * LOOKS; i++) {
      engine.runUntil(i * interval);
      look(i);
    }
    engine.verify();
    return new Trajectory("packets", seconds, queueBytes, rates);
  }

  private void look(int number) {
    int bin = (number - 1) / LOOKS;
    queueBytes[bin] += (double) engine.queueBytes(shared) / LOOKS;
    if (number % LOOKS != 0) {
      return;
    }
    seconds[bin] = (bin + 0.5) * LOOKS * interval / 1e12;
    for (int f = 0; f < rates.length; f++) {
      long sent = engine.port(2 * f).bytes();
      rates[f][bin] = (sent - sentBefore[f]) * 8e12 / (LOOKS * interval);
      sentBefore[f] = sent;
    }
    if (bin == BINS / 2 - 1) {
      marksBefore = engine.port(shared).marks();
      packetsBefore = engine.port(shared).packets();
    }
  }

  /** The share of packets that were marked in the second half. */
  double marked() {
    long marks = engine.port(shared).marks() - marksBefore;
    return (double) marks / Math.max(1, engine.port(shared).packets() - packetsBefore);
  }
}
