package weft.routing;

import java.util.Arrays;
import org.apache.commons.math3.util.FastMath;
import org.knowm.xchart.CategoryChart;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;
import weft.report.Charts;
import weft.report.Numbers;
import weft.report.Plottable;
import weft.report.Tabular;
import weft.units.Check;

/**
 * What a hash does to flows at one switch, exactly: flows thrown onto links as balls into bins,
 * each with the same chance everywhere and apart from all others. A flow of several queue pairs is
 * as many balls, each of its part of the flow's bytes.
 *
 * <pre>{@code
 * Collisions.of(8, 8).table()                   // ECMP, eight flows on eight uplinks
 * Collisions.of(8, 8).queuePairs(4).table()     // E-ECMP
 * }</pre>
 *
 * @param flows each of a link's rate, from 1
 * @param links from 1
 * @param queuePairs of each flow, from 1
 */
public record Collisions(int flows, int links, int queuePairs) implements Tabular, Plottable {
  private static final int MOST_BALLS = 512;

  /**
   * @throws IllegalArgumentException if there is nothing to throw or nowhere to, or more than 512
   *     queue pairs in all
   */
  public Collisions {
    Check.atLeast(1, "flows", flows, "write for example Collisions.of(8, 8)");
    Check.atLeast(1, "links", links, "write for example Collisions.of(8, 8)");
    Check.atLeast(1, "queue pairs", queuePairs, "write for example queuePairs(4)");
    if ((long) flows * queuePairs > MOST_BALLS) {
      throw new IllegalArgumentException(
          "collisions are counted for at most %d queue pairs in all, but %d flows of %d were given: take fewer"
              .formatted(MOST_BALLS, flows, queuePairs));
    }
  }

  /** So many flows of one queue pair each, hashed onto so many links. */
  public static Collisions of(int flows, int links) {
    return new Collisions(flows, links, 1);
  }

  /** With each flow split over so many queue pairs. */
  public Collisions queuePairs(int ofEachFlow) {
    return new Collisions(flows, links, ofEachFlow);
  }

  private int balls() {
    return flows * queuePairs;
  }

  /** What the fullest link carries, in flows, on average over all hashes. */
  public double expectedMaxLoad() {
    double[] upTo = upTo();
    double sum = 0;
    for (int k = 1; k < upTo.length; k++) {
      sum += k * (upTo[k] - upTo[k - 1]);
    }
    return sum / queuePairs;
  }

  /**
   * The part of a link that each flow on the fullest link has, on average over all hashes; at most
   * 1. A collective step ends with its slowest flow, so this is what a step keeps of its bandwidth.
   */
  public double expectedSlowestShare() {
    double[] upTo = upTo();
    double sum = 0;
    for (int k = 1; k < upTo.length; k++) {
      sum += Math.min(1, (double) queuePairs / k) * (upTo[k] - upTo[k - 1]);
    }
    return sum;
  }

  /** The part of the links that carry anything, on average: {@code 1 - (1 - 1/m)^n}. */
  public double usedShare() {
    return 1 - FastMath.pow(1 - 1.0 / links, balls());
  }

  /** The chance that no two queue pairs share a link: {@code m! / ((m - n)! m^n)}. */
  public double noCollision() {
    double chance = 1;
    for (int i = 0; i < balls() && chance > 0; i++) {
      chance *= Math.max(0, 1 - (double) i / links);
    }
    return chance;
  }

  /**
   * The chance that the fullest link has just so many queue pairs.
   *
   * @param most from 0
   */
  public double maxLoadChance(int most) {
    Check.atLeast(0, "queue pairs on a link", most, "count them from 0");
    double[] upTo = upTo();
    return most == 0 || most >= upTo.length ? 0 : upTo[most] - upTo[most - 1];
  }

  /** By k: the chance that no link has more than k balls, up to the first k where that is sure. */
  private double[] upTo() {
    double[] chances = new double[balls() + 1];
    int k = 0;
    while (++k < balls()) {
      chances[k] = noneAbove(k);
      if (chances[k] > 1 - 1e-15) {
        break;
      }
    }
    chances[k] = 1;
    return Arrays.copyOf(chances, k + 1);
  }

  /**
   * Link by link: of the balls left, how many fall on this one of the links left is binomial. The
   * chances are kept by how many balls are left.
   */
  private double noneAbove(int k) {
    int n = balls();
    double[] left = new double[n + 1];
    left[n] = 1;
    for (int i = links; i > 1; i--) {
      double[] next = new double[n + 1];
      double hit = 1.0 / i;
      for (int r = 0; r <= n; r++) {
        if (left[r] > 0) {
          double chance = FastMath.pow(1 - hit, r); // that none of r falls here
          for (int j = 0; j <= Math.min(k, r); j++) {
            next[r - j] += left[r] * chance;
            chance *= (double) (r - j) / (j + 1) * hit / (1 - hit);
          }
        }
      }
      left = next;
    }
    double within = 0;
    for (int r = 0; r <= Math.min(k, n); r++) {
      within += left[r];
    }
    return within;
  }

  /** One row: what hashing does to these flows on average. */
  @Override
  public Table table() {
    return Table.create(
        "Hashing " + this,
        IntColumn.create("flows", new int[] {flows}),
        IntColumn.create("links", new int[] {links}),
        IntColumn.create("queue pairs a flow", new int[] {queuePairs}),
        Numbers.column("fullest link (flows)", new double[] {expectedMaxLoad()}),
        Numbers.column("slowest flow (% of a link)", new double[] {100 * expectedSlowestShare()}),
        Numbers.column("links used (%)", new double[] {100 * usedShare()}),
        Numbers.column("no collision (%)", new double[] {100 * noCollision()}));
  }

  /** How likely which load of the fullest link is: a bar for each number of queue pairs. */
  @Override
  public CategoryChart chart() {
    double[] upTo = upTo();
    double[] chance = new double[upTo.length - 1];
    for (int k = 1; k < upTo.length; k++) {
      chance[k - 1] = 100 * (upTo[k] - upTo[k - 1]);
    }
    return Charts.bars(
        toString() + ": the fullest link",
        (queuePairs == 1 ? "flows" : "queue pairs") + " on the fullest link",
        "chance (%)",
        1,
        chance);
  }

  @Override
  public String toString() {
    return "%d flows%s on %d links"
        .formatted(flows, queuePairs == 1 ? "" : " of " + queuePairs + " queue pairs", links);
  }
}
