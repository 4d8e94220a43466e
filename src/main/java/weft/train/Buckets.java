package weft.train;

import java.util.ArrayList;
import java.util.List;
import weft.collective.GradientExchange;
import weft.nn.LayerCost;

/**
 * Which part of the flat gradient each bucket covers. Whole layers, the last first, until a bucket
 * holds the wanted size.
 *
 * @param offset first element of each bucket
 * @param length elements of each bucket
 * @param lastLayer the layer whose backward pass completes each bucket
 */
@SuppressWarnings("ArrayRecordComponent") // inside this package, never compared
record Buckets(int[] offset, int[] length, int[] lastLayer) {
  static Buckets of(GradientExchange exchange, List<LayerCost> layers, int bytesPerElement) {
    var buckets = new ArrayList<int[]>();
    int end = layers.stream().mapToInt(LayerCost::count).sum();
    int elements = 0;
    for (int layer = layers.size() - 1; layer >= 0; layer--) {
      elements += layers.get(layer).count();
      boolean full = (long) elements * bytesPerElement >= exchange.bucket().bytes();
      if (elements > 0 && (full || layer == 0)) {
        buckets.add(new int[] {end - elements, elements, layer});
        end -= elements;
        elements = 0;
      }
    }
    return new Buckets(column(buckets, 0), column(buckets, 1), column(buckets, 2));
  }

  private static int[] column(List<int[]> rows, int column) {
    return rows.stream().mapToInt(row -> row[column]).toArray();
  }

  int count() {
    return offset.length;
  }
}
