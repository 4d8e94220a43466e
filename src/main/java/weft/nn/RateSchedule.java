package weft.nn;

import java.util.function.IntToDoubleFunction;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.Table;
import weft.units.Check;

/**
 * By what an optimiser's rate is multiplied in each step: an immutable value; choose one with
 * {@link Schedules}. Steps are numbered from 0, so the first update uses {@code factor(0)}.
 */
public final class RateSchedule {
  private static final int ENDLESS = Integer.MAX_VALUE;

  private final String name;
  private final int length;
  private final IntToDoubleFunction factor;

  private RateSchedule(String name, int length, IntToDoubleFunction factor) {
    this.name = name;
    this.length = length;
    this.factor = factor;
  }

  /** One that goes on for ever. */
  static RateSchedule endless(String name, IntToDoubleFunction factor) {
    return new RateSchedule(name, ENDLESS, factor);
  }

  /** One that another may follow after so many steps. */
  static RateSchedule lasting(String name, int steps, IntToDoubleFunction factor) {
    return new RateSchedule(name, steps, factor);
  }

  /**
   * The factor of a step.
   *
   * @param step from 0
   */
  public double factor(int step) {
    return factor.applyAsDouble(Check.atLeast(0, "a step", step, "the first one is 0"));
  }

  /**
   * This schedule for as many steps as it lasts, and then another from its own beginning: {@code
   * warmUp(100).then(cosine(1000))}.
   *
   * @throws IllegalArgumentException if this one has no end
   */
  public RateSchedule then(RateSchedule next) {
    Check.notNull("a schedule that follows", next, "write for example cosine(1000)");
    if (length == ENDLESS) {
      throw new IllegalArgumentException(
          "%s has no end after which another schedule could follow: begin with warmUp(100)"
              .formatted(name));
    }
    long both = (long) length + next.length;
    return new RateSchedule(
        name + ".then(" + next.name + ")",
        (int) Math.min(both, ENDLESS),
        step -> step < length ? factor(step) : next.factor(step - length));
  }

  /**
   * This schedule with each of its steps lasting for so many.
   *
   * @param times at least 1
   */
  public RateSchedule stretched(int times) {
    Check.atLeast(1, "stretched", times, "write for example stretched(16)");
    if (isConstant() || times == 1) {
      return this;
    }
    return new RateSchedule(
        name + ".stretched(" + times + ")",
        (int) Math.min((long) length * times, ENDLESS),
        step -> factor(step / times));
  }

  boolean isConstant() {
    return name.equals(Schedules.CONSTANT);
  }

  /**
   * The factor over the first steps.
   *
   * @param steps at least 1
   */
  public RateCurve over(int steps) {
    return RateCurve.of("Learning rate by " + name, "rate / first rate", 1, this, steps);
  }

  /** A row a step: the factor over the first steps. */
  public Table table(int steps) {
    return over(steps).table();
  }

  /** The factor over the first steps as a line. */
  public XYChart chart(int steps) {
    return over(steps).chart();
  }

  /** As a cell writes it: {@code warmUp(100).then(cosine(1000))}. */
  @Override
  public String toString() {
    return name;
  }
}
