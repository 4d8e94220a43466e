package weft.job;

import java.util.Arrays;

/** Bytes from one GPU to another, a list of pairs. */
final class PairBytes {
  private int[] from = new int[64];
  private int[] to = new int[64];
  private double[] bytes = new double[64];
  private int size;

  void add(int source, int destination, double amount) {
    if (size == from.length) {
      from = Arrays.copyOf(from, 2 * size);
      to = Arrays.copyOf(to, 2 * size);
      bytes = Arrays.copyOf(bytes, 2 * size);
    }
    from[size] = source;
    to[size] = destination;
    bytes[size++] = amount;
  }

  int size() {
    return size;
  }

  int from(int pair) {
    return from[pair];
  }

  int to(int pair) {
    return to[pair];
  }

  double bytes(int pair) {
    return bytes[pair];
  }

  /** The most that one GPU sends. */
  double mostSent(int gpus) {
    double[] sent = new double[gpus];
    for (int i = 0; i < size; i++) {
      sent[from[i]] += bytes[i];
    }
    return Arrays.stream(sent).max().orElse(0);
  }
}
