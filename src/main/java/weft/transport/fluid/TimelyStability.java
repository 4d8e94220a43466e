package weft.transport.fluid;

import org.apache.commons.math3.complex.Complex;
import weft.transport.Timely;

/**
 * Patched {@link FluidTimely} linearised at its fixed point, all flows alike: the queue is {@code N
 * R/s}, the gradient its smoothed difference over one update interval.
 */
final class TimelyStability {
  private final FluidTimely model;

  TimelyStability(FluidTimely model) {
    this.model = model;
  }

  double phaseMargin() {
    Timely rules = model.rules();
    var at = model.fixedPoint();
    var system = new TimelySystem(model);
    double rate = at.bitsPerSecond();
    double every = system.interval(rate);
    double age = system.age(at.queueBytes());
    double delta = rules.additiveIncrease().bitsPerSecond();
    double reference = model.bottleneck().bitsPerSecond() * rules.low().seconds(); // bits
    // Of dR/dt at w = 1/2, where β R (RTT - low)/low = δ and dw = 2 dg.
    double byRate = -delta / (2 * rate) / every;
    double byGradient = -4 * delta / every;
    double byQueue = -rules.beta() / 2 * rate / reference / every;
    double smoothing = rules.alpha() / every;
    double perBit = 1 / (model.bottleneck().bitsPerSecond() * rules.minRtt().seconds());
    return PhaseMargin.of(
        omega -> {
          Complex s = new Complex(0, omega);
          Complex queue = Complex.valueOf(model.flows()).divide(s); // q(s)/R(s), bits
          Complex difference = Complex.ONE.subtract(s.multiply(-every).exp()).multiply(perBit);
          Complex gradient = difference.multiply(smoothing).divide(s.add(smoothing));
          Complex feedback = gradient.multiply(byGradient).add(byQueue).multiply(queue);
          return feedback.divide(s.subtract(byRate)).negate();
        },
        age);
  }
}
