package weft.engine.flow;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * What a flow takes.
 *
 * @param links of its path or paths, each once, and bundles of links by their numbers below 0
 * @param parts by link, and by each link of a bundle, which part of its bytes takes it, above 0
 * @param back links that its acknowledgements take, each once
 * @param backParts by link of these, which part of them takes it, above 0
 * @param fills which part of a link it would fill if nothing else were under way, at least 0: 1
 *     where its ends have no other flows, 0 if that is not known
 * @param latencyPs from the last byte sent until it is received
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record Route(
    int[] links, double[] parts, int[] back, double[] backParts, double fills, long latencyPs) {
  private static final int[] NO_LINKS = {};
  private static final double[] NO_PARTS = {};

  /**
   * @throws IllegalArgumentException if there is no link, or not a part for each
   */
  public Route {
    if (links.length == 0 || links.length != parts.length || back.length != backParts.length) {
      throw new IllegalArgumentException(
          "a flow has at least one link and a part for each, but there were %d and %d, and %d and %d back"
              .formatted(links.length, parts.length, back.length, backParts.length));
    }
    DoubleStream.concat(Arrays.stream(parts), Arrays.stream(backParts))
        .forEach(part -> FlowEngine.checkAbove("a part", part));
    if (latencyPs < 0) {
      throw new IllegalArgumentException("a latency is at least 0 ps, but was " + latencyPs);
    }
  }

  /** All bytes over each of these links, without acknowledgements. */
  public static Route over(int[] path, long latencyPs) {
    double[] all = new double[path.length];
    Arrays.fill(all, 1);
    return new Route(path, all, NO_LINKS, NO_PARTS, 1, latencyPs);
  }

  /** With one more link that all bytes take. */
  Route and(int link) {
    int[] more = Arrays.copyOf(links, links.length + 1);
    double[] all = Arrays.copyOf(parts, links.length + 1);
    more[links.length] = link;
    all[links.length] = 1;
    return new Route(more, all, back, backParts, fills, latencyPs);
  }
}
