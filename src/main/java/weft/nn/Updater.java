package weft.nn;

import java.util.List;
import weft.nn.compute.DoubleUpdater;
import weft.nn.compute.DoubleVectors;
import weft.nn.compute.FloatUpdater;
import weft.nn.compute.FloatVectors;

/** An optimiser at work on one replica, in one precision: clips, counts steps, sets the rate. */
abstract class Updater {
  private final Optimizer optimizer;
  private int steps;

  private Updater(Optimizer optimizer) {
    this.optimizer = optimizer;
  }

  static Updater of(Optimizer optimizer, Precision precision, List<Layer> layers) {
    return precision.stored() == Precision.FLOAT64
        ? new InDouble(optimizer, layers)
        : new InSingle(optimizer, layers);
  }

  final Optimizer optimizer() {
    return optimizer;
  }

  /** How many steps it has taken. */
  final int steps() {
    return steps;
  }

  /** Goes on as after so many steps. */
  final void steps(int taken) {
    steps = taken;
  }

  /** Another with the same memory, which goes its own way from here. */
  abstract Updater copy();

  /** The rate of the next step. */
  final double rate() {
    return optimizer.rate(steps);
  }

  final boolean clips() {
    return optimizer.clipNorm() < Double.POSITIVE_INFINITY;
  }

  void step(float[] parameters, float[] gradient) {
    throw new IllegalStateException("this optimiser's memory is float64");
  }

  void step(double[] parameters, double[] gradient) {
    throw new IllegalStateException("this optimiser's memory is float32");
  }

  /** A part of what is remembered, in the order of {@link Optimizer#memoryNames}. */
  abstract Tensor memory(int index, String name, int from, int[] shape);

  /** Takes it over again. */
  abstract void restore(int index, Tensor tensor, int from);

  private static final class InSingle extends Updater {
    private final List<Layer> layers;
    private final FloatUpdater rule;

    InSingle(Optimizer optimizer, List<Layer> layers) {
      super(optimizer);
      this.layers = layers;
      rule = optimizer.floatUpdater(Layers.sections(layers));
    }

    @Override
    Updater copy() {
      var copy = new InSingle(optimizer(), layers);
      copy.steps(steps());
      float[][] memory = rule.memory();
      for (int i = 0; i < memory.length; i++) {
        System.arraycopy(memory[i], 0, copy.rule.memory()[i], 0, memory[i].length);
      }
      return copy;
    }

    @Override
    void step(float[] parameters, float[] gradient) {
      if (clips()) {
        FloatVectors.clip(gradient, optimizer().clipNorm());
      }
      double rate = rate();
      steps(steps() + 1);
      rule.step(parameters, gradient, rate, steps());
    }

    @Override
    Tensor memory(int index, String name, int from, int[] shape) {
      return Tensor.of(name, shape, rule.memory()[index], from);
    }

    @Override
    void restore(int index, Tensor tensor, int from) {
      tensor.copyTo(rule.memory()[index], from);
    }
  }

  private static final class InDouble extends Updater {
    private final List<Layer> layers;
    private final DoubleUpdater rule;

    InDouble(Optimizer optimizer, List<Layer> layers) {
      super(optimizer);
      this.layers = layers;
      rule = optimizer.doubleUpdater(Layers.sections(layers));
    }

    @Override
    Updater copy() {
      var copy = new InDouble(optimizer(), layers);
      copy.steps(steps());
      double[][] memory = rule.memory();
      for (int i = 0; i < memory.length; i++) {
        System.arraycopy(memory[i], 0, copy.rule.memory()[i], 0, memory[i].length);
      }
      return copy;
    }

    @Override
    void step(double[] parameters, double[] gradient) {
      if (clips()) {
        DoubleVectors.clip(gradient, optimizer().clipNorm());
      }
      double rate = rate();
      steps(steps() + 1);
      rule.step(parameters, gradient, rate, steps());
    }

    @Override
    Tensor memory(int index, String name, int from, int[] shape) {
      return Tensor.of(name, shape, rule.memory()[index], from);
    }

    @Override
    void restore(int index, Tensor tensor, int from) {
      tensor.copyTo(rule.memory()[index], from);
    }
  }
}
