package weft.experiment;

import java.util.Arrays;

/** What is at which nodes, in the order of arrival. */
final class Frontier {
  private static final int NOWHERE = -1;

  private int[] nodes = new int[16];
  private double[] amounts = new double[16];
  private int count;
  private final int[] place; // by node: in these

  /** Nothing is anywhere. */
  Frontier(int allNodes) {
    place = new int[allNodes];
    Arrays.fill(place, NOWHERE);
  }

  void add(int node, double amount) {
    if (place[node] == NOWHERE) {
      if (count == nodes.length) {
        nodes = Arrays.copyOf(nodes, 2 * count);
        amounts = Arrays.copyOf(amounts, 2 * count);
      }
      place[node] = count;
      nodes[count] = node;
      amounts[count++] = 0;
    }
    amounts[place[node]] += amount;
  }

  int size() {
    return count;
  }

  int node(int i) {
    return nodes[i];
  }

  double amount(int i) {
    return amounts[i];
  }

  void clear() {
    for (int i = 0; i < count; i++) {
      place[nodes[i]] = NOWHERE;
    }
    count = 0;
  }

  /** What it holds now, to keep. */
  Held held() {
    return new Held(Arrays.copyOf(nodes, count), Arrays.copyOf(amounts, count));
  }

  /** What was at which nodes. */
  @SuppressWarnings("ArrayRecordComponent") // inside this package, never compared
  record Held(int[] nodes, double[] amounts) {}
}
