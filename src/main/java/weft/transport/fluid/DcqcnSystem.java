package weft.transport.fluid;

import weft.transport.Red;
import weft.units.Rate;

/** The equations of {@link FluidDcqcn}: R_C, R_T (packets/s) and α of each flow, then the queue. */
final class DcqcnSystem implements DelayedSystem {
  static final int WIDTH = 3; // variables of a flow
  static final int CURRENT = 0;
  static final int TARGET = 1;
  static final int ALPHA = 2;

  private final DcqcnTerms terms;
  private final double capacity; // packets/s, also the line rate of every NIC
  private final double least; // of a rate
  private final double packetBytes;
  private final double additive; // R_AI, packets/s
  private final double gain; // g / tau'
  private final double tau;
  private final double delay; // tau*
  private final double kmin; // bytes
  private final double kmax;
  private final double pmax;
  private final double[] starts; // packets/s

  DcqcnSystem(FluidDcqcn model) {
    var rules = model.rules();
    packetBytes = model.packet().bytes();
    terms = new DcqcnTerms(rules, packetBytes);
    Rate link = model.bottleneck();
    capacity = packets(link);
    least = packets(rules.minimumRate());
    additive = packets(rules.additiveIncrease(link));
    gain = rules.g() / rules.alphaTimer().seconds();
    tau = rules.cnpInterval().seconds();
    delay = model.delay().seconds();
    Red red = model.marking();
    kmin = red.kmin(link);
    kmax = red.kmax(link);
    pmax = red.pmax();
    starts = model.startRates().stream().mapToDouble(this::packets).toArray();
  }

  private double packets(Rate rate) {
    return rate.bitsPerSecond() / 8.0 / packetBytes;
  }

  /** p of a queue, bytes. */
  double marking(double queue) {
    if (queue <= kmin) {
      return 0;
    }
    return queue > kmax ? 1 : (queue - kmin) / (kmax - kmin) * pmax;
  }

  @Override
  public double[] start() {
    double[] state = new double[WIDTH * starts.length + 1];
    for (int f = 0; f < starts.length; f++) {
      state[WIDTH * f + CURRENT] = starts[f];
      state[WIDTH * f + TARGET] = capacity;
      state[WIDTH * f + ALPHA] = 1;
    }
    return state;
  }

  @Override
  public double longestDelay() {
    return delay;
  }

  @Override
  public double shortestDelay() {
    return delay;
  }

  @Override
  public void derivatives(double time, double[] state, Past past, double[] derivatives) {
    int queue = state.length - 1;
    double p = marking(past.at(time - delay, queue));
    double log = DcqcnTerms.log(p);
    double sum = 0;
    for (int i = 0; i < queue; i += WIDTH) {
      double then = past.at(time - delay, i + CURRENT);
      double current = state[i + CURRENT];
      double target = state[i + TARGET];
      derivatives[i + CURRENT] = current(current, target, state[i + ALPHA], then, p, log);
      derivatives[i + TARGET] = target(current, target, then, p, log);
      derivatives[i + ALPHA] = alpha(state[i + ALPHA], then, log);
      sum += current;
    }
    derivatives[queue] = (sum - capacity) * packetBytes;
  }

  /** dR_C/dt; {@code then} is R_C, p the marking one delay ago, log its log(1-p). */
  double current(double current, double target, double alpha, double then, double p, double log) {
    return -current * alpha / (2 * tau) * terms.cut(log, then)
        + (target - current) / 2 * then * terms.increases(p, log, then);
  }

  /** dR_T/dt. */
  double target(double current, double target, double then, double p, double log) {
    return -(target - current) / tau * terms.cut(log, then)
        + additive * then * terms.additions(p, log, then);
  }

  /** dα/dt. */
  double alpha(double alpha, double then, double log) {
    return gain * (terms.mark(log, then) - alpha);
  }

  @Override
  public void hold(double[] state) {
    int queue = state.length - 1;
    for (int i = 0; i < queue; i += WIDTH) {
      state[i + CURRENT] = Math.max(least, Math.min(capacity, state[i + CURRENT]));
      state[i + TARGET] = Math.max(least, Math.min(capacity, state[i + TARGET]));
    }
    state[queue] = Math.max(0, state[queue]);
  }
}
