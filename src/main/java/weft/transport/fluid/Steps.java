package weft.transport.fluid;

import org.apache.commons.math3.ode.FirstOrderDifferentialEquations;
import org.apache.commons.math3.ode.nonstiff.ClassicalRungeKuttaIntegrator;
import weft.sim.Interruption;

/**
 * Integrates a delayed system by the method of steps: no step is longer than the shortest delay, so
 * within one the past is known and Commons Math's fourth-order Runge-Kutta method applies as it is.
 *
 * <p>Steps are equal because marking jumps at Kmax and queues stop at 0, where error estimates mean
 * nothing.
 */
final class Steps {
  private static final double LONGEST = 2e-6; // seconds: a few packets at 10 Gb/s
  private static final int CHECK = 1 << 12;

  private final DelayedSystem system;
  private final double step;
  private final Past past;
  private final ClassicalRungeKuttaIntegrator method;
  private double[] state;
  private long taken;

  Steps(DelayedSystem system) {
    this.system = system;
    double shortest = system.shortestDelay();
    step = shortest / Math.ceil(shortest / LONGEST);
    state = system.start();
    past = new Past(state, step, system.longestDelay());
    method = new ClassicalRungeKuttaIntegrator(step);
  }

  /** The present state; what it holds changes with the next step. */
  double[] state() {
    return state;
  }

  /** Steps until a time, seconds. */
  void until(double time) {
    var equations = new Equations();
    for (long end = Math.round(time / step); taken < end; taken++) {
      if (taken % CHECK == 0) {
        Interruption.check("integrating the fluid model at %.3f ms".formatted(taken * step * 1e3));
      }
      state = method.singleStep(equations, taken * step, state, (taken + 1) * step);
      system.hold(state);
      past.add(state);
    }
  }

  private final class Equations implements FirstOrderDifferentialEquations {
    @Override
    public int getDimension() {
      return state.length;
    }

    @Override
    public void computeDerivatives(double time, double[] y, double[] derivatives) {
      system.derivatives(time, y, past, derivatives);
    }
  }
}
