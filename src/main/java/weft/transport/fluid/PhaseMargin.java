package weft.transport.fluid;

import java.util.function.DoubleFunction;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.util.FastMath;

/** The phase margin of a loop L, closed as 1 + L = 0. */
final class PhaseMargin {
  private static final double LOWEST = 1; // rad/s
  private static final double HIGHEST = 1e8;
  private static final int STEPS = 4000;
  private static final int EVALUATIONS = 100;

  private PhaseMargin() {}

  /**
   * Degrees, in (-180, 180], at the frequency of unit gain where it is least in size; infinite if
   * the gain is never 1.
   *
   * @param loop L at s = jω without its dead time
   * @param deadTime seconds
   */
  static double of(DoubleFunction<Complex> loop, double deadTime) {
    double least = Double.POSITIVE_INFINITY;
    double before = FastMath.log(LOWEST);
    double gainBefore = gain(loop, before);
    double width = FastMath.log(HIGHEST / LOWEST) / STEPS;
    for (int i = 1; i <= STEPS; i++) {
      double now = FastMath.log(LOWEST) + i * width;
      double gainNow = gain(loop, now);
      if (gainBefore * gainNow <= 0) {
        double x = new BrentSolver(1e-12).solve(EVALUATIONS, w -> gain(loop, w), before, now);
        double omega = FastMath.exp(x);
        double phase = loop.apply(omega).getArgument() - omega * deadTime;
        double margin = wrapped(FastMath.toDegrees(phase) + 180);
        least = Math.abs(margin) < Math.abs(least) ? margin : least;
      }
      before = now;
      gainBefore = gainNow;
    }
    return least;
  }

  private static double gain(DoubleFunction<Complex> loop, double logOmega) {
    return FastMath.log(loop.apply(FastMath.exp(logOmega)).abs());
  }

  private static double wrapped(double degrees) {
    return degrees - 360 * FastMath.ceil((degrees - 180) / 360);
  }
}
