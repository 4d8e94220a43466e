package weft.notebook.course;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a reader who mistyped may have meant. */
public final class Nearest {
  private Nearest() {}

  /** The known word nearest to the one asked for, if it is near at all. */
  public static Optional<String> to(String asked, Collection<String> known) {
    return among(asked, known, 1).stream().findFirst();
  }

  /** The nearest known words, nearest first. */
  public static List<String> among(String asked, Collection<String> known, int most) {
    String small = asked.toLowerCase(Locale.ROOT);
    record Guess(String word, int distance) {}
    return known.stream()
        .map(word -> new Guess(word, distance(small, word.toLowerCase(Locale.ROOT))))
        .filter(guess -> guess.distance() <= Math.max(2, small.length() / 3))
        .sorted(Comparator.comparingInt(Guess::distance).thenComparing(Guess::word))
        .limit(most)
        .map(Guess::word)
        .toList();
  }

  /** Insertions, deletions and replacements between two words; a part of a word counts 1. */
  private static int distance(String a, String b) {
    if (a.length() > 2 && (b.contains(a) || a.contains(b))) {
      return a.equals(b) ? 0 : 1;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
