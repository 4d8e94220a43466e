package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** A part of an equation, which can be written in any {@link Notation}. */
interface Term {
  /** The term in a notation. */
  String in(Notation notation);

  /** A quantity by its name. */
  static Term of(String name) {
    return notation -> notation.symbol(name);
  }

  /** A number that stands alone or first. */
  static Term of(double value) {
    return notation -> notation.number(value);
  }

  /** A number after an operator: in parentheses if it is below 0. */
  static Term factor(double value) {
    return value < 0 ? of(value).group() : of(value);
  }

  /** dL by what a name stands for. */
  static Term gradient(String name) {
    return notation -> notation.gradient(name);
  }

  /** The value of a function. */
  static Term call(String function, Term argument) {
    return notation -> notation.call(function, false, argument.in(notation));
  }

  /** The slope of a function. */
  static Term slope(String function, Term argument) {
    return notation -> notation.call(function, true, argument.in(notation));
  }

  /** A few words. */
  static Term words(String text) {
    return notation -> notation.words(text);
  }

  /** What was left out. */
  static Term dots() {
    return Notation::dots;
  }

  /** a + b + c. */
  static Term sum(List<Term> terms) {
    return notation -> notation.sum(terms.stream().map(term -> term.in(notation)).toList());
  }

  /** a + b. */
  static Term sum(Term... terms) {
    return sum(List.of(terms));
  }

  /**
   * The sum of {@code count} terms, shortened as {@link Explanation#shown} says, and of one more
   * that is always written.
   */
  static Term sum(int count, IntFunction<Term> term, Term... more) {
    var terms = new ArrayList<Term>();
    for (int i : Explanation.shown(count)) {
      terms.add(i < 0 ? dots() : term.apply(i));
    }
    terms.addAll(List.of(more));
    return sum(terms);
  }

  /** The largest of {@code count} terms, shortened likewise. */
  static Term largest(int count, IntFunction<Term> term) {
    var terms = new ArrayList<Term>();
    for (int i : Explanation.shown(count)) {
      terms.add(i < 0 ? dots() : term.apply(i));
    }
    return notation -> notation.largest(terms.stream().map(each -> each.in(notation)).toList());
  }

  /** The sum of this over all indices: {@code sum of dL/da x a}. */
  default Term total() {
    return notation -> notation.total("", in(notation));
  }

  /** Likewise of what is not otherwise named: {@code sum of all exp(Z)}. */
  default Term totalOfAll() {
    return notation -> notation.total("all ", in(notation));
  }

  /** This times another. */
  default Term times(Term other) {
    return notation -> notation.product(in(notation), other.in(notation));
  }

  /** This minus another. */
  default Term minus(Term other) {
    return notation -> notation.difference(in(notation), other.in(notation));
  }

  /** This divided by another. */
  default Term over(Term other) {
    return notation -> notation.quotient(in(notation), other.in(notation));
  }

  /** -a. */
  default Term negative() {
    return notation -> "-" + in(notation);
  }

  /** a². */
  default Term square() {
    return notation -> notation.square(in(notation));
  }

  /** √a. */
  default Term root() {
    return notation -> notation.root(in(notation));
  }

  /** (a). */
  default Term group() {
    return notation -> notation.group(in(notation));
  }
}
