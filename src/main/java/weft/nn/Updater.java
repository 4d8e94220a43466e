package weft.nn;

import weft.nn.compute.DoubleUpdater;
import weft.nn.compute.FloatUpdater;

/** An optimiser at work on one replica, in one precision. */
abstract class Updater {
  static Updater of(Optimizer optimizer, Precision precision, int parameters) {
    return precision == Precision.FLOAT64
        ? new InDouble(optimizer, optimizer.doubleUpdater(parameters))
        : new InSingle(optimizer, optimizer.floatUpdater(parameters));
  }

  void step(float[] parameters, float[] gradient) {
    throw new IllegalStateException("this optimiser's memory is float64");
  }

  void step(double[] parameters, double[] gradient) {
    throw new IllegalStateException("this optimiser's memory is float32");
  }

  /** Another with the same memory, which goes its own way from here. */
  abstract Updater copy();

  private static final class InSingle extends Updater {
    private final Optimizer optimizer;
    private final FloatUpdater rule;

    InSingle(Optimizer optimizer, FloatUpdater rule) {
      this.optimizer = optimizer;
      this.rule = rule;
    }

    @Override
    Updater copy() {
      return new InSingle(optimizer, rule.copy());
    }

    @Override
    void step(float[] parameters, float[] gradient) {
      rule.step(parameters, gradient, optimizer.rate());
    }
  }

  private static final class InDouble extends Updater {
    private final Optimizer optimizer;
    private final DoubleUpdater rule;

    InDouble(Optimizer optimizer, DoubleUpdater rule) {
      this.optimizer = optimizer;
      this.rule = rule;
    }

    @Override
    Updater copy() {
      return new InDouble(optimizer, rule.copy());
    }

    @Override
    void step(double[] parameters, double[] gradient) {
      rule.step(parameters, gradient, optimizer.rate());
    }
  }
}
