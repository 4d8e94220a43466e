package weft.transport.fluid;

import weft.transport.Timely;
import weft.transport.Timely.Between;

/** The equations of {@link FluidTimely}: rate (bit/s) and gradient of each flow, then the queue. */
final class TimelySystem implements DelayedSystem {
  static final int WIDTH = 2; // variables of a flow
  private static final int RATE = 0;
  private static final int GRADIENT = 1;

  private final Timely rules;
  private final double capacity; // bit/s
  private final double fixedDelay; // of feedback without the queue, s
  private final double low; // s
  private final double high;
  private final double minRtt;
  private final double segment; // bits
  private final double delta; // bit/s
  private final double least;
  private final double mostQueue; // bytes, as the authors bound it
  private final double[] starts;

  TimelySystem(FluidTimely model) {
    rules = model.rules();
    capacity = model.bottleneck().bitsPerSecond();
    fixedDelay = 8 * model.packet().bytes() / capacity + model.propagation().seconds();
    low = rules.low().seconds();
    high = rules.high().seconds();
    minRtt = rules.minRtt().seconds();
    segment = 8.0 * rules.segment().bytes();
    delta = rules.additiveIncrease().bitsPerSecond();
    least = rules.minimumRate().bitsPerSecond();
    mostQueue = 2 * capacity / 8 * high;
    starts = model.startRates().stream().mapToDouble(r -> (double) r.bitsPerSecond()).toArray();
  }

  @Override
  public double[] start() {
    double[] state = new double[WIDTH * starts.length + 1];
    for (int f = 0; f < starts.length; f++) {
      state[WIDTH * f + RATE] = starts[f];
    }
    return state;
  }

  @Override
  public double longestDelay() {
    return fixedDelay + 2 * high + interval(least);
  }

  @Override
  public double shortestDelay() {
    return fixedDelay;
  }

  /** τ*: time between two updates. */
  double interval(double rate) {
    return Math.max(segment / rate, minRtt);
  }

  /** τ': age of the RTT that arrives now. */
  double age(double queue) {
    return 8 * queue / capacity + fixedDelay;
  }

  @Override
  public void derivatives(double time, double[] state, Past past, double[] derivatives) {
    int queue = state.length - 1;
    double arrived = time - age(state[queue]);
    double then = past.at(arrived, queue);
    double sum = 0;
    for (int i = 0; i < queue; i += WIDTH) {
      double rate = state[i + RATE];
      double gradient = state[i + GRADIENT];
      double every = interval(rate);
      double before = past.at(arrived - every, queue);
      derivatives[i + RATE] = change(rate, gradient, then) / every;
      double difference = 8 * (then - before) / (capacity * minRtt);
      derivatives[i + GRADIENT] = rules.alpha() / every * (difference - gradient);
      sum += rate;
    }
    derivatives[queue] = (sum - capacity) / 8;
  }

  /** What an update adds to a rate. */
  double change(double rate, double gradient, double queue) {
    double rtt = 8 * queue / capacity;
    if (rtt < low) {
      return delta;
    }
    if (rtt > high) {
      return -rules.beta() * (1 - high / rtt) * rate;
    }
    if (rules.between() == Between.GRADIENT) {
      return gradient <= 0 ? delta : -rules.beta() * gradient * rate;
    }
    double w = Math.max(0, Math.min(1, 2 * gradient + 0.5));
    return delta * (1 - w) - rules.beta() * w * rate * (rtt - low) / low;
  }

  @Override
  public void hold(double[] state) {
    int queue = state.length - 1;
    for (int i = 0; i < queue; i += WIDTH) {
      state[i + RATE] = Math.max(least, Math.min(capacity, state[i + RATE]));
    }
    state[queue] = Math.max(0, Math.min(mostQueue, state[queue]));
  }
}
