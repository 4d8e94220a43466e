package weft.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ports that flows take in equal parts, each set kept once. A way lists ports by their numbers, and
 * such bundles by numbers below 0, which are also theirs in the flow engine: -1, -2 and so on.
 */
final class PortBundles {
  private final List<int[]> all = new ArrayList<>();
  private final Map<Key, Integer> numbers = new HashMap<>();

  /** A set's content. */
  @SuppressWarnings("ArrayRecordComponent") // compared by content, never changed
  private record Key(int[] ports) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(ports, key.ports);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(ports);
    }
  }

  /**
   * What a way lists for these ports: a port itself if it is the only one.
   *
   * @param ports at least one, each once
   */
  int of(int[] ports) {
    if (ports.length == 1) {
      return ports[0];
    }
    int[] sorted = ports.clone();
    Arrays.sort(sorted);
    return numbers.computeIfAbsent(
        new Key(sorted),
        key -> {
          all.add(sorted);
          return -all.size();
        });
  }

  /** The ports that a way lists so. */
  int[] ports(int listed) {
    return listed < 0 ? all.get(-1 - listed) : new int[] {listed};
  }

  /** One of these. */
  int first(int listed) {
    return listed < 0 ? all.get(-1 - listed)[0] : listed;
  }

  /** How many bundles there are. */
  int size() {
    return all.size();
  }
}
