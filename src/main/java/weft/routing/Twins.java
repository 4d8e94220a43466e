package weft.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Groups of GPUs behind twins: two switches with the same neighbours, as the leaves of a leaf-spine
 * or of a pod are. Exchanging two twins leaves the network as it is, so paths to one are those to
 * the other for everybody but their neighbours and themselves.
 */
final class Twins {
  private static final int SEPARATOR = -1;

  private final int[] first; // by group: the first group behind a twin of its switch

  /**
   * @param entries by group: the switches where its routes end
   * @param length by port
   */
  Twins(Wires wires, int[][] entries, byte[] length) {
    first = new int[entries.length];
    Map<List<Integer>, Integer> known = new HashMap<>();
    for (int g = 0; g < entries.length; g++) {
      boolean isAlone = entries[g].length == 1 && wires.forwards[entries[g][0]];
      int itself = g;
      first[g] =
          isAlone ? known.computeIfAbsent(key(wires, entries[g][0], length), k -> itself) : itself;
    }
  }

  /** The switches that a switch is linked to, and how far away, by each direction. */
  private static List<Integer> key(Wires wires, int node, byte[] length) {
    List<Integer> there = new ArrayList<>();
    for (int port : wires.from(node)) {
      if (wires.forwards[wires.end[port]]) {
        there.add(4 * wires.end[port] + length[port]);
      }
    }
    List<Integer> back = new ArrayList<>();
    for (int port : wires.into(node)) {
      if (wires.forwards[wires.end[port ^ 1]]) {
        back.add(4 * wires.end[port ^ 1] + length[port]);
      }
    }
    List<Integer> key = new ArrayList<>(there.stream().distinct().sorted().toList());
    key.add(SEPARATOR);
    key.addAll(back.stream().distinct().sorted().toList());
    return key;
  }

  /** The first group behind a twin of this group's switch, perhaps the group itself. */
  int first(int group) {
    return first[group];
  }
}
