package weft.nn;

import java.util.ArrayList;
import java.util.List;

/** A sum of products while it is put together, in symbols and in numbers. */
final class Products {
  private final List<Term> symbols = new ArrayList<>();
  private final List<Term> numbers = new ArrayList<>();

  /** Adds a times b, which are x and y. */
  void add(Term a, Term b, double x, double y) {
    symbols.add(a.times(b));
    numbers.add(Term.of(x).times(Term.factor(y)));
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
    if (more.length == 0 && terms.size() < 2) {
      return terms.isEmpty() ? Term.of(0) : terms.get(0);
    }
    return Term.sum(terms.size(), i -> terms.get(i).group(), more);
  }

  /** What the sum makes, on one line. */
  Equation make(Term left, double value) {
    return Equation.of(left, value, symbols(), numbers());
  }
}
