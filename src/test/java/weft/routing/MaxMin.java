package weft.routing;

import java.util.Arrays;

/** Max-min fair shares by progressive filling (Bertsekas and Gallager, "Data Networks", 6.5.2). */
final class MaxMin {
  private MaxMin() {}

  /**
   * The rates of all flows, given their links.
   *
   * @param paths by flow, the ports it passes
   * @param ports how many there are, each of capacity 1
   * @return the rate of each flow
   */
  static double[] rates(int[][] paths, int ports) {
    double[] rate = new double[paths.length];
    double[] free = new double[ports];
    Arrays.fill(free, 1);
    boolean[] fixed = new boolean[paths.length];
    int left = paths.length;
    while (left > 0) {
      int[] users = new int[ports];
      for (int f = 0; f < paths.length; f++) {
        for (int port : paths[f]) {
          users[port] += fixed[f] ? 0 : 1;
        }
      }
      double step = Double.POSITIVE_INFINITY;
      for (int port = 0; port < ports; port++) {
        step = users[port] == 0 ? step : Math.min(step, free[port] / users[port]);
      }
      for (int port = 0; port < ports; port++) {
        free[port] -= users[port] * step;
      }
      for (int f = 0; f < paths.length; f++) {
        if (!fixed[f]) {
          rate[f] += step;
          fixed[f] = Arrays.stream(paths[f]).anyMatch(port -> free[port] < 1e-12);
          left -= fixed[f] ? 1 : 0;
        }
      }
    }
    return rate;
  }
}
