package weft.transport.fluid;

import org.apache.commons.math3.util.FastMath;
import weft.transport.Dcqcn;
import weft.units.DataSize;

/**
 * The terms of the DCQCN model as functions of marking probability p and rate R in packets a second
 * (Zhu et al., CoNEXT 2016, eq. 5 to 7). Each takes {@code log(1-p)}, so that small p lose nothing.
 */
final class DcqcnTerms {
  private final double tau; // CNP interval, s
  private final double tauPrime; // alpha timer, s
  private final double timer; // T, s
  private final double byteCounter; // B, packets; infinite without one
  private final double recovery; // F

  DcqcnTerms(Dcqcn rules, double packetBytes) {
    tau = rules.cnpInterval().seconds();
    tauPrime = rules.alphaTimer().seconds();
    timer = rules.increaseTimer().seconds();
    DataSize counter = rules.byteCounter();
    byteCounter = counter == null ? Double.POSITIVE_INFINITY : counter.bytes() / packetBytes;
    recovery = rules.fastRecovery();
  }

  static double log(double p) {
    return FastMath.log1p(-p);
  }

  /** a: probability of a CNP in an interval τ. */
  double cut(double log, double rate) {
    return -FastMath.expm1(tau * rate * log);
  }

  /** Probability of a CNP in an interval τ'. */
  double mark(double log, double rate) {
    return -FastMath.expm1(tauPrime * rate * log);
  }

  /** b + d: increase events for each packet. */
  double increases(double p, double log, double rate) {
    return events(p, log, byteCounter) + events(p, log, timer * rate);
  }

  /** c + e: additive increase events for each packet. */
  double additions(double p, double log, double rate) {
    return beyond(p, log, byteCounter) + beyond(p, log, timer * rate);
  }

  /** Events every so many packets, the count beginning anew with each marked one. */
  private static double events(double p, double log, double packets) {
    return p == 0 ? 1 / packets : p / FastMath.expm1(-packets * log);
  }

  private double beyond(double p, double log, double packets) {
    double all = events(p, log, packets);
    return all == 0 ? 0 : all * FastMath.exp(recovery * packets * log);
  }
}
