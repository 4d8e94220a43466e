package weft.transport.fluid;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.util.FastMath;
import weft.transport.Dcqcn;
import weft.transport.Red;

/** The three fixed points of {@link FluidDcqcn}. */
final class DcqcnFixedPoints {
  private static final double LEAST_P = 1e-12;
  private static final double MOST_P = 0.9;
  private static final double NEAR = 10; // the paced root lies within this factor of the exact
  private static final int EVALUATIONS = 200;

  private final FluidDcqcn model;
  private final Dcqcn rules;
  private final DcqcnTerms terms;
  private final double packetBits;
  private final double rate; // R_C* = C/N, packets/s
  private final double additive; // R_AI, packets/s
  private final double tau; // s

  DcqcnFixedPoints(FluidDcqcn model) {
    this.model = model;
    rules = model.rules();
    packetBits = 8.0 * model.packet().bytes();
    terms = new DcqcnTerms(rules, packetBits / 8);
    rate = model.bottleneck().bitsPerSecond() / packetBits / model.flows();
    additive = rules.additiveIncrease(model.bottleneck()).bitsPerSecond() / packetBits;
    tau = rules.cnpInterval().seconds();
  }

  FixedPoint exact() {
    return at(exactP());
  }

  private double exactP() {
    // Both sides of eq. p_fixed by their logarithm, whose difference is nearly straight in log p.
    double right = FastMath.log(tau * tau * additive * rate);
    return root(p -> FastMath.log(left(p)) - right, LEAST_P, MOST_P);
  }

  private double left(double p) {
    double log = DcqcnTerms.log(p);
    double a = terms.cut(log, rate);
    double increases = terms.increases(p, log, rate);
    double additions = terms.additions(p, log, rate);
    return a * a * terms.mark(log, rate) / increases / additions;
  }

  FixedPoint taylor() {
    double capacity = rate * model.flows();
    double perPacket = 1 / byteCounter() + 1 / (rules.increaseTimer().seconds() * rate);
    double n = model.flows();
    double cube =
        additive
            * n
            * n
            / (rules.alphaTimer().seconds() * capacity * capacity)
            * perPacket
            * perPacket;
    return at(FastMath.cbrt(cube));
  }

  private double byteCounter() {
    var counter = rules.byteCounter();
    return counter == null ? Double.POSITIVE_INFINITY : 8 * counter.bytes() / packetBits;
  }

  FixedPoint paced() {
    var cycle = new DcqcnCycle(model, rate * packetBits);
    double about = exactP();
    return at(root(p -> cycle.excess(p * rate), about / NEAR, Math.min(MOST_P, about * NEAR)));
  }

  private static double root(UnivariateFunction excess, double least, double most) {
    double logP =
        new BrentSolver(1e-12, 1e-14)
            .solve(
                EVALUATIONS,
                x -> excess.value(FastMath.exp(x)),
                FastMath.log(least),
                FastMath.log(most));
    return FastMath.exp(logP);
  }

  private FixedPoint at(double p) {
    double log = DcqcnTerms.log(p);
    double alpha = terms.mark(log, rate);
    double above = terms.cut(log, rate) * alpha / (terms.increases(p, log, rate) * tau);
    Map<String, Double> others = new LinkedHashMap<>();
    others.put("marking probability p*", p);
    others.put("alpha*", alpha);
    others.put("target rate (Gb/s)", (rate + above) * packetBits / 1e9);
    return new FixedPoint(rate * packetBits, queue(p), others);
  }

  /** The queue that marks with probability p, bytes. */
  private double queue(double p) {
    Red red = model.marking();
    double kmin = red.kmin(model.bottleneck());
    double kmax = red.kmax(model.bottleneck());
    return p >= red.pmax() ? kmax : kmin + p / red.pmax() * (kmax - kmin);
  }
}
