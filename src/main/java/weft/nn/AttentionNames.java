package weft.nn;

import java.util.List;

/**
 * What the quantities inside self-attention are called: q, k, v and m by step and number, the score
 * s and its share p by step and step seen, with the head before them if there are several.
 */
record AttentionNames(LayerView at, int width, int heads) {
  private static final List<String> PARTS = List.of("q", "k", "v");

  /** By a row: part times width plus k. */
  String projected(int step, int row) {
    return projected(row / width, step, row % width);
  }

  String projected(int part, int step, int k) {
    return at.partName(PARTS.get(part), "[" + step + "," + k + "]");
  }

  String made(int step, int k) {
    return at.partName("m", "[" + step + "," + k + "]");
  }

  String score(int head, int step, int seen) {
    return at.partName("s", pair(head, step, seen));
  }

  String share(int head, int step, int seen) {
    return at.partName("p", pair(head, step, seen));
  }

  private String pair(int head, int step, int seen) {
    return "[" + (heads > 1 ? head + "," : "") + step + "," + seen + "]";
  }
}
