package weft.nn;

import java.util.List;
import weft.nn.compute.DoubleUpdater;
import weft.nn.compute.DoubleVectors;
import weft.nn.compute.FloatUpdater;
import weft.nn.compute.FloatVectors;
import weft.nn.compute.Sections;

/** An optimiser at work on one replica, in one precision: clips, counts steps, sets the rate. */
abstract class Updater {
  private final Optimizer optimizer;
  private int steps;

  private Updater(Optimizer optimizer) {
    this.optimizer = optimizer;
  }

  static Updater of(Optimizer optimizer, Precision precision, List<Layer> layers) {
    return of(optimizer, precision, Layers.sections(layers));
  }

  /** Of parameters that are made up of these sections. */
  static Updater of(Optimizer optimizer, Precision precision, Sections sections) {
    return precision.stored() == Precision.FLOAT64
        ? new InDouble(optimizer, sections)
        : new InSingle(optimizer, sections);
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

  /** How many numbers it remembers. */
  abstract long numbers();

  /** A part of what is remembered, in the order of {@link Optimizer#memoryNames}. */
  abstract Tensor memory(int index, String name, int from, int[] shape);

  /** Takes it over again. */
  abstract void restore(int index, Tensor tensor, int from);

  private static final class InSingle extends Updater {
    private final Sections sections;
    private final FloatUpdater rule;

    InSingle(Optimizer optimizer, Sections sections) {
      super(optimizer);
      this.sections = sections;
      rule = optimizer.floatUpdater(sections);
    }

    @Override
    Updater copy() {
      var copy = new InSingle(optimizer(), sections);
      copy.steps(steps());
      float[][] memory = rule.memory();
      for (int i = 0; i < memory.length; i++) {
        System.arraycopy(memory[i], 0, copy.rule.memory()[i], 0, memory[i].length);
      }
      return copy;
    }

    @Override
    long numbers() {
      return (long) sections.parameters() * rule.memory().length;
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
    private final Sections sections;
    private final DoubleUpdater rule;

    InDouble(Optimizer optimizer, Sections sections) {
      super(optimizer);
      this.sections = sections;
      rule = optimizer.doubleUpdater(sections);
    }

    @Override
    Updater copy() {
      var copy = new InDouble(optimizer(), sections);
      copy.steps(steps());
      double[][] memory = rule.memory();
      for (int i = 0; i < memory.length; i++) {
        System.arraycopy(memory[i], 0, copy.rule.memory()[i], 0, memory[i].length);
      }
      return copy;
    }

    @Override
    long numbers() {
      return (long) sections.parameters() * rule.memory().length;
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
