package weft.experiment;

import java.util.Arrays;

/** Ports and bundles of them, and what takes each port: grows while a way is found. */
final class PortParts {
  private int[] listed = new int[8];
  private double[] parts = new double[8];
  private int count;

  void add(int portOrBundle, double part) {
    if (count == listed.length) {
      listed = Arrays.copyOf(listed, 2 * count);
      parts = Arrays.copyOf(parts, 2 * count);
    }
    listed[count] = portOrBundle;
    parts[count++] = part;
  }

  /** Adds so many times what these hold. */
  void add(PortParts others, double times) {
    for (int i = 0; i < others.count; i++) {
      add(others.listed[i], times * others.parts[i]);
    }
  }

  /** Adds to what takes a port, which is listed once. */
  void merge(int port, double part) {
    for (int i = 0; i < count; i++) {
      if (listed[i] == port) {
        parts[i] += part;
        return;
      }
    }
    add(port, part);
  }

  int[] listed() {
    return Arrays.copyOf(listed, count);
  }

  /** By what is listed: of each port, times this. */
  double[] parts(double times) {
    double[] scaled = Arrays.copyOf(parts, count);
    for (int i = 0; i < count; i++) {
      scaled[i] *= times;
    }
    return scaled;
  }
}
