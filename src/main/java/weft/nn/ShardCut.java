package weft.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Shares out the parameters of layers among workers that have the same ones. */
final class ShardCut {
  private ShardCut() {}

  /** Where a rank's part of so many numbers begins, as collectives cut arrays. */
  static int bound(int rank, int ranks, int count) {
    return (int) ((long) rank * count / ranks);
  }

  /** A rank's part of some places. */
  static int[] own(int rank, int ranks, int[] places) {
    int n = places.length;
    return Arrays.copyOfRange(places, bound(rank, ranks, n), bound(rank + 1, ranks, n));
  }

  /**
   * The layers with a part of their parameters each.
   *
   * @param keeping whether gathered weights stay for the rest of the step
   */
  static List<Layer> layers(List<Layer> layers, int rank, int ranks, boolean keeping) {
    int room = layers.stream().mapToInt(Layer::parameters).max().orElse(0);
    var cut = new ArrayList<Layer>();
    for (Layer layer : layers) {
      int n = layer.parameters();
      int first = bound(rank, ranks, n);
      int own = bound(rank + 1, ranks, n) - first;
      cut.add(n == 0 ? layer : new Sharded(layer, first, own, keeping, room));
    }
    return cut;
  }

  /**
   * Where in the arrays of whole layers their parts' parameters are, as {@code origin} has them.
   */
  static int[] origin(List<Layer> layers, int[] origin, int rank, int ranks) {
    int[] own = new int[origin.length];
    int count = 0;
    int before = 0;
    for (Layer layer : layers) {
      int n = layer.parameters();
      int first = bound(rank, ranks, n);
      int length = bound(rank + 1, ranks, n) - first;
      System.arraycopy(origin, before + first, own, count, length);
      count += length;
      before += n;
    }
    return Arrays.copyOf(own, count);
  }
}
