package weft.nn;

import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import weft.units.Check;

/** Checks the names a reader gives to inputs and neurons. */
final class NodeNames {
  /** What explanations call sums, weights, biases, targets and nodes without a name. */
  private static final Pattern OURS = Pattern.compile("[XHOYZWb]\\d.*|L|L\\d.*");

  private NodeNames() {}

  /**
   * The names as a list.
   *
   * @param taken names given before
   * @param example how to write it right
   * @throws IllegalArgumentException if a name is empty or given twice
   */
  static List<String> checked(String[] names, List<String> taken, String example) {
    Check.noneNull("names", names, "write for example " + example);
    var all = new HashSet<>(taken);
    for (String name : names) {
      if (name.isBlank() || name.contains("\n")) {
        throw new IllegalArgumentException(
            "the name of a node is a word, got %s: write for example %s"
                .formatted(name.isBlank() ? "an empty one" : "one on several lines", example));
      }
      if (!all.add(name)) {
        throw new IllegalArgumentException(
            "each node has a name of its own, but %s is given twice: choose another for one of them"
                .formatted(name));
      }
    }
    return List.of(names);
  }

  /**
   * Refuses names that stand for another part of the network: X1 is a name for the first input and
   * for nothing else.
   *
   * @throws IllegalArgumentException naming the first one
   */
  static void requireClear(Names names, List<Layer> layers) {
    requireClear(names, layers, -1);
  }

  /** From a layer on; of layers inside another, what feeds them has its name from outside. */
  private static void requireClear(Names names, List<Layer> layers, int first) {
    for (int l = first; l < layers.size(); l++) {
      List<String> given = names.given(l);
      for (int i = 0; i < given.size(); i++) {
        String standard = names.standard(l, i);
        if (OURS.matcher(given.get(i)).matches() && !given.get(i).equals(standard)) {
          throw new IllegalArgumentException(
              "%s is what explanations call another part of the network: choose another name, for example price, or %s, which it has without"
                  .formatted(given.get(i), standard));
        }
      }
      if (l >= 0 && layers.get(l) instanceof Residual residual) {
        requireClear(names.inside(l, residual.inside()), residual.inside(), 0);
      }
    }
  }
}
