package weft.transport.fluid;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.complex.Complex;
import weft.transport.Red;

/**
 * {@link FluidDcqcn} linearised at its fixed point, all flows alike (Zhu et al., CoNEXT 2016,
 * appendix A), without the Taylor series that the authors use on the way: derivatives are taken of
 * the model itself.
 *
 * <p>The authors' figure 3 comes from their series and from an α that follows each packet instead
 * of each timer; its margins differ from these by several degrees, to either side. These agree with
 * what the equations do when integrated, and with the paper's own runs at 4 and 85 us.
 *
 * <p>In Laplace terms every variable is written by R_C(s): the queue is {@code N R_C/s}, R_T and α
 * follow from their own equations. Terms that carry the feedback delay go to the numerator of the
 * loop, the others to its denominator.
 */
final class DcqcnStability {
  private static final double STEP = 1e-5; // relative, of the central differences

  private final FluidDcqcn model;

  DcqcnStability(FluidDcqcn model) {
    this.model = model;
  }

  double phaseMargin() {
    var at = model.fixedPoint();
    double packetBits = 8.0 * model.packet().bytes();
    double rate = at.bitsPerSecond() / packetBits;
    double target = value(at, "target rate (Gb/s)") * 1e9 / packetBits;
    double p = value(at, "marking probability p*");
    return PhaseMargin.of(loop(rate, target, value(at, "alpha*"), p), model.delay().seconds());
  }

  private static double value(FixedPoint at, String name) {
    Double value = at.others().get(name);
    if (value == null) {
      throw new IllegalStateException("the fixed point has no " + name);
    }
    return value;
  }

  private java.util.function.DoubleFunction<Complex> loop(
      double rate, double target, double alpha, double p) {
    var system = new DcqcnSystem(model);
    double log = DcqcnTerms.log(p);
    // Derivatives of dR_C/dt by R_C, R_T, alpha, and by R_C and p one delay ago.
    double cc = slope(x -> system.current(x, target, alpha, rate, p, log), rate);
    double ct = slope(x -> system.current(rate, x, alpha, rate, p, log), target);
    double ca = slope(x -> system.current(rate, target, x, rate, p, log), alpha);
    double cd = slope(x -> system.current(rate, target, alpha, x, p, log), rate);
    double cp = slope(x -> system.current(rate, target, alpha, rate, x, DcqcnTerms.log(x)), p);
    double tc = slope(x -> system.target(x, target, rate, p, log), rate);
    double tt = slope(x -> system.target(rate, x, rate, p, log), target);
    double td = slope(x -> system.target(rate, target, x, p, log), rate);
    double tp = slope(x -> system.target(rate, target, rate, x, DcqcnTerms.log(x)), p);
    double aa = slope(x -> system.alpha(x, rate, log), alpha);
    double ad = slope(x -> system.alpha(alpha, x, log), rate);
    double ap = slope(x -> system.alpha(alpha, rate, DcqcnTerms.log(x)), p);
    double perRate = markingSlope() * model.packet().bytes() * model.flows();
    return omega -> {
      Complex s = new Complex(0, omega);
      Complex marking = Complex.valueOf(perRate).divide(s); // p(s)/R_C(s)
      Complex targetGain = Complex.valueOf(ct).divide(s.subtract(tt));
      Complex alphaGain = Complex.valueOf(ca).divide(s.subtract(aa));
      Complex numerator =
          marking
              .multiply(cp)
              .add(cd)
              .add(targetGain.multiply(marking.multiply(tp).add(td)))
              .add(alphaGain.multiply(marking.multiply(ap).add(ad)));
      Complex denominator = s.subtract(cc).subtract(targetGain.multiply(tc));
      return numerator.divide(denominator).negate();
    };
  }

  private double markingSlope() {
    Red red = model.marking();
    double span = red.kmax(model.bottleneck()) - red.kmin(model.bottleneck());
    return red.pmax() / span;
  }

  private static double slope(DoubleUnaryOperator function, double at) {
    double step = STEP * at;
    return (function.applyAsDouble(at + step) - function.applyAsDouble(at - step)) / (2 * step);
  }
}
