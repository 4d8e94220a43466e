package weft.nn;

import weft.nn.compute.DoubleUpdater;
import weft.nn.compute.FloatUpdater;

/** An optimiser at work on one replica, in one precision. */
abstract class Updater {
  static Updater of(Optimizer optimizer, Precision precision, int parameters) {
    return precision == Precision.FLOAT64
        ? new InDouble(optimizer, parameters)
        : new InSingle(optimizer, parameters);
  }

  void step(float[] parameters, float[] gradient) {
    throw new IllegalStateException("this optimiser's memory is float64");
  }

  void step(double[] parameters, double[] gradient) {
    throw new IllegalStateException("this optimiser's memory is float32");
  }

  private static final class InSingle extends Updater {
    private final Optimizer optimizer;
    private final FloatUpdater rule;

    InSingle(Optimizer optimizer, int parameters) {
      this.optimizer = optimizer;
      rule = optimizer.floatUpdater(parameters);
    }

    @Override
    void step(float[] parameters, float[] gradient) {
      rule.step(parameters, gradient, optimizer.rate());
    }
  }

  private static final class InDouble extends Updater {
    private final Optimizer optimizer;
    private final DoubleUpdater rule;

    InDouble(Optimizer optimizer, int parameters) {
      this.optimizer = optimizer;
      rule = optimizer.doubleUpdater(parameters);
    }

    @Override
    void step(double[] parameters, double[] gradient) {
      rule.step(parameters, gradient, optimizer.rate());
    }
  }
}
