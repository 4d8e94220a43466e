package weft.nn;

import java.util.List;

/** How the parts of an equation are written: as plain text, or as LaTeX. */
interface Notation {
  /** A quantity by its name in tables: {@code W53}, {@code H1[0,2,3]}, {@code price}. */
  String symbol(String name);

  /** A number, in as many digits as a reader needs. */
  String number(double value);

  /** dL by what the name stands for. */
  String gradient(String name);

  /** a + b + c. */
  String sum(List<String> terms);

  /** The largest of several. */
  String largest(List<String> terms);

  /** a - b. */
  String difference(String a, String b);

  /** a times b. */
  String product(String a, String b);

  /** a divided by b. */
  String quotient(String a, String b);

  /** a times a; {@code a} is a {@link #group} or a name. */
  String square(String a);

  /** The square root. */
  String root(String a);

  /** In parentheses. */
  String group(String a);

  /** The value of a function, or with {@code slope} that of its derivative. */
  String call(String function, boolean slope, String argument);

  /** The sum of {@code a} over all indices; {@code of} stands before it in words. */
  String total(String of, String a);

  /** A few words in place of a symbol. */
  String words(String text);

  /** What was left out of a sum. */
  String dots();
}
