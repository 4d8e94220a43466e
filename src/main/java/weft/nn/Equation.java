package weft.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * What a quantity is, in symbols, in numbers, and how much that makes.
 *
 * @param left the quantity
 * @param right what it equals: first in symbols, then in numbers, last the value
 * @param broken whether the numbers stand on a line of their own
 */
record Equation(Term left, List<Term> right, boolean broken) implements Line {
  Equation {
    right = List.copyOf(right);
  }

  /** left = steps = value, on one line. */
  static Equation of(Term left, double value, Term... steps) {
    return new Equation(left, ending(value, steps), false);
  }

  /** left = symbols, and below it left = numbers = value. */
  static Equation broken(Term left, Term symbols, Term numbers, double value) {
    return new Equation(left, ending(value, symbols, numbers), true);
  }

  /** left = right, in symbols alone. */
  static Equation rule(Term left, Term right) {
    return new Equation(left, List.of(right), false);
  }

  /** The same shared out over the positions of a sequence, whose mean a loss is. */
  Equation perPosition(int positions, double value) {
    if (positions == 1) {
      return this;
    }
    var shared = new ArrayList<Term>();
    for (Term side : right.subList(0, right.size() - 1)) {
      shared.add(side.group().over(Term.of(positions)));
    }
    shared.add(Term.of(value));
    return new Equation(left, shared, broken);
  }

  private static List<Term> ending(double value, Term... steps) {
    var right = new ArrayList<>(List.of(steps));
    right.add(Term.of(value));
    return right;
  }
}
