package weft.nn;

import java.util.ArrayList;
import java.util.List;

/** A sum of products while it is put together, in symbols and in numbers. */
final class Products {
  private final List<Term> symbols = new ArrayList<>();
  private final List<Term> numbers = new ArrayList<>();

  /** Adds a times b, which are x and y. */
  void add(Term a, Term b, double x, double y) {
    symbols.add(a.times(b).group());
    numbers.add(Term.of(x).times(Term.factor(y)).group());
  }

  /** The sum, shortened, and what is added at its end; 0 if there is nothing to add. */
  Term symbols(Term... more) {
    return sum(symbols, more);
  }

  /** The same in numbers. */
  Term numbers(Term... more) {
    return sum(numbers, more);
  }

  private static Term sum(List<Term> terms, Term... more) {
    return terms.isEmpty() && more.length == 0
        ? Term.of(0)
        : Term.sum(terms.size(), terms::get, more);
  }

  /** What the sum makes, on one line. */
  Equation make(Term left, double value) {
    return Equation.of(left, value, symbols(), numbers());
  }
}
