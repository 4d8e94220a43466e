package weft.fabric;

import java.util.List;
import weft.units.Check;

/** How a fabric's switches are arranged, as far as routes, formulas and pictures depend on it. */
public sealed interface Arrangement {
  /** In tiers, or however the links go: packets take shortest paths. */
  record Tiered() implements Arrangement {}

  /**
   * In groups that global links join, each group with every other: dragonfly and dragonfly+.
   *
   * @param firstSwitch node of the first switch; the others follow, group by group
   * @param switchesPerGroup switches of a group
   * @param groups how many groups there are
   */
  record Groups(int firstSwitch, int switchesPerGroup, int groups) implements Arrangement {
    /** The {@link #groupOf} of a node that is no switch. */
    public static final int NONE = -1;

    /** The group of a switch, from 0; {@link #NONE} for other nodes. */
    public int groupOf(int node) {
      int number = node - firstSwitch;
      boolean inside = number >= 0 && number < switchesPerGroup * groups;
      return inside ? number / switchesPerGroup : NONE;
    }
  }

  /**
   * On the points of a torus or mesh; switches are numbered with the first coordinate changing
   * slowest.
   *
   * @param firstSwitch node of the first switch, at 0, 0, ...
   * @param sizes switches along each dimension, 1 to 3 of them
   * @param wraps whether the last switch of each row is linked to the first: a torus, not a mesh
   * @param dimensionOrder whether packets finish one dimension before the next, instead of taking
   *     any shortest path
   */
  record Grid(int firstSwitch, List<Integer> sizes, boolean wraps, boolean dimensionOrder)
      implements Arrangement {
    /**
     * @throws IllegalArgumentException if sizes are missing
     */
    public Grid {
      sizes = List.copyOf(Check.notNull("a grid's sizes", sizes, "write List.of(4, 4)"));
    }

    /** How many switches there are. */
    public int switches() {
      return sizes.stream().mapToInt(s -> s).reduce(1, (a, b) -> a * b);
    }

    /** A switch's coordinate. */
    public int coordinate(int node, int dimension) {
      return (node - firstSwitch) / stride(dimension) % sizes.get(dimension);
    }

    /** How far apart in number neighbours along a dimension are. */
    public int stride(int dimension) {
      return sizes.subList(dimension + 1, sizes.size()).stream()
          .mapToInt(s -> s)
          .reduce(1, (a, b) -> a * b);
    }
  }
}
