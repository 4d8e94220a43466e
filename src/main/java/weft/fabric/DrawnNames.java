package weft.fabric;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The names at an end of a drawn cable: {@code a}, {@code a, b} or {@code gpu[0-7]}. */
final class DrawnNames {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z_0-9.:]*");
  private static final Pattern RANGE =
      Pattern.compile("([A-Za-z_][A-Za-z_0-9.:]*)\\[(\\d+)-(\\d+)\\]");
  private static final int MOST = 1 << 20;

  private DrawnNames() {}

  static List<String> read(String text) {
    var names = new ArrayList<String>();
    for (String word : text.strip().split("[\\s,]+", -1)) {
      var range = RANGE.matcher(word);
      if (range.matches()) {
        addRange(names, range.group(1), number(range.group(2)), number(range.group(3)));
      } else if (NAME.matcher(word).matches()) {
        names.add(word);
      } else {
        throw new IllegalArgumentException(
            word.isEmpty()
                ? "a cable has a node at each end, but one end is missing: write for example a --100G 1us-- s"
                : "a node is called by letters and digits, several at once like gpu[0-7] or a,b, but \"%s\" was read: rename it"
                    .formatted(word));
      }
    }
    return names;
  }

  private static int number(String digits) {
    return digits.length() > 7 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }

  private static void addRange(List<String> names, String stem, int from, int to) {
    if (from > to || to - from >= MOST) {
      throw new IllegalArgumentException(
          "a range goes from a number up to another, at most %,d of them, but %s[%d-%d] was read: write for example gpu[0-7]"
              .formatted(MOST, stem, from, to));
    }
    for (int i = from; i <= to; i++) {
      names.add(stem + i);
    }
  }
}
