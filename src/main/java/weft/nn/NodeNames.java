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
   * @throws IllegalArgumentException if a name is empty, given twice, or one that stands for
   *     something else
   */
  static List<String> checked(String[] names, List<String> taken, String example) {
    Check.noneNull("names", names, "write for example " + example);
    var all = new HashSet<>(taken);
    for (String name : names) {
      if (name.isBlank() || name.contains("\n")) {
        throw new IllegalArgumentException(
            "the name of a node is a word, got an empty one: write for example " + example);
      }
      if (OURS.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "%s is what explanations call a part of the network: choose another name, for example %s"
                .formatted(name, example));
      }
      if (!all.add(name)) {
        throw new IllegalArgumentException(
            "each node has a name of its own, but %s is given twice: choose another for one of them"
                .formatted(name));
      }
    }
    return List.of(names);
  }
}
